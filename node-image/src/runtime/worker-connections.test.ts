import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { stats as statsAnywhere } from '../api/active.ts';
import type { ScenarioContext } from '../api/context.ts';
import type { ScenarioFile } from '../api/registry.ts';
import { serveTcp } from '../http/servers.test.fixture.ts';
import { type Arrived, written } from '../recording/samples.test.fixture.ts';
import { crewOf } from './crew.test.fixture.ts';
import type { Crew } from './crew.ts';
import { planOf } from './sidecar.test.fixture.ts';
import { Worker } from './worker.ts';

type Run = (context: ScenarioContext) => unknown;

/** Runs a worker with so many iterations, and gives what it recorded. */
async function lived(run: Run, iterations: number, file: Partial<ScenarioFile> = {}): Promise<Crew> {
  const scenario = { name: 'visit', weight: 1, run };
  const crew = crewOf(planOf(), { scenarios: [scenario], ...file });
  const worker = new Worker(0, crew);
  await worker.enter(async () => {
    expect(await worker.begin()).toBe(true);
    for (let i = 0; i < iterations; i++) await worker.iterate(scenario, i);
    await worker.finish();
  });
  return crew;
}

function arrivedOf({ recorder }: Crew, metric: string): readonly Arrived[] {
  return written((sink) => recorder.flush(sink)).arrived.filter(({ name }) => name === metric);
}

function answering(): ReturnType<typeof serveTcp> {
  return serveTcp((socket: Socket) => socket.write('x'));
}

test('what an iteration leaves open is closed before the next one; what a fixture has opened serves all of them', async () => {
  await using server = await answering();
  const address = `127.0.0.1:${server.port}`;
  const seen: number[] = [];
  const crew = await lived(
    async ({ tcp, vars }) => {
      const own = await tcp.connect(address, { name: 'own' });
      for (const one of [own, vars.kept as typeof own]) {
        await one.sendAll('x');
        await one.receive();
      }
      seen.push(server.connections.filter(({ closed }) => !closed).length);
    },
    3,
    {
      setupWorker: async ({ tcp, vars }) => {
        vars.kept = await tcp.connect(address, { name: 'kept' });
      },
      teardownWorker: async ({ vars }) => {
        expect((vars.kept as { isOpen: boolean }).isOpen).toBe(true);
      },
    },
  );
  // The peer of a closed connection hears of it a moment later.
  expect(Math.max(...seen)).toBeLessThanOrEqual(3);
  const sessions = arrivedOf(crew, 'tcp_sessions').map(({ value, tags }) => [tags.scenario, tags.name, value]);
  expect(sessions).toEqual([
    ['setupWorker', 'kept', 1],
    ['visit', 'own', 3],
  ]);
});

test('every connection has ended when the worker has, each counted once', async () => {
  await using server = await answering();
  const crew = await lived(({ tcp }) => tcp.connect(`127.0.0.1:${server.port}`), 2, {
    setupSession: async ({ tcp }) => void (await tcp.connect(`127.0.0.1:${server.port}`)),
  });
  const durations = arrivedOf(crew, 'tcp_session_duration');
  expect(durations.reduce((sum, { weight }) => sum + weight, 0)).toBe(3);
});

test('a connection that an iteration does not wait for ends with it', async () => {
  await using mute = await serveTcp(() => undefined);
  const ends: unknown[] = [];
  const crew = await lived(({ tcp }) => {
    // TLS with somebody who speaks none: it would hang.
    const opened = tcp.connect(`127.0.0.1:${mute.port}`, { tls: true });
    opened.catch((error: { failure: string }) => ends.push(error.failure));
  }, 2);
  expect(ends).toEqual(['aborted', 'aborted']);
  expect(crew.recorder.errors.all).toEqual([]);
});

test('the failure of a connection fails its iteration, and is counted under its class alone', async () => {
  await using server = await serveTcp((socket) => socket.resetAndDestroy());
  const crew = await lived(async ({ tcp }) => {
    const connection = await tcp.connect(`127.0.0.1:${server.port}`, { name: 'db' });
    await connection.sendAll('x');
    await connection.receive();
  }, 2);
  expect(crew.recorder.errors.all.map(({ failure, message, count }) => [failure, message, count])).toEqual([
    ['reset', 'db: connection reset by the peer', 2],
  ]);
  const { arrived } = written((sink) => crew.recorder.flush(sink));
  const failures = arrived.filter(({ name }) => name === 'failures');
  expect(failures.map(({ value, tags }) => [tags.class, value])).toEqual([['reset', 2]]);
  expect(arrived.find(({ name }) => name === 'iteration_failed')).toMatchObject({ value: 1, weight: 2 });
});

test('what is measured without a context counts for the scenario that runs', async () => {
  const crew = await lived(({ stats }) => {
    stats.increment('orders');
    statsAnywhere.increment('orders', 2);
  }, 2);
  statsAnywhere.increment('orders', 100);
  expect(arrivedOf(crew, 'orders').map(({ value, tags }) => [value, tags.scenario])).toEqual([[6, 'visit']]);
});
