import type { Pace } from '@loads/core';
import { expect, test } from 'vitest';
import type { ScenarioContext } from '../api/context.ts';
import type { RegisteredScenario } from '../api/registry.ts';
import { closedPort, serve } from '../http/servers.test.fixture.ts';
import { Recorder } from '../recording/recorder.ts';
import { type Arrived, written } from '../recording/samples.test.fixture.ts';
import { RunStage } from './run-stage.ts';
import { briefOf, planOf } from './sidecar.test.fixture.ts';
import { type Crew, Worker } from './worker.ts';

type CrewChange = Partial<Omit<Crew, 'scenarios'>> & {
  readonly iterations?: number;
  readonly scenarios?: Readonly<Record<string, RegisteredScenario['run']>>;
};

/** A crew whose pacer lets so many iterations begin, each as soon as the last one has ended. */
function crewOf({ iterations = 1, scenarios = {}, ...change }: CrewChange): Crew {
  const plan = planOf();
  const stage = new RunStage(plan);
  stage.begin(performance.timeOrigin + performance.now());
  let left = iterations;
  return {
    brief: briefOf(plan),
    scenarios: Object.entries(scenarios).map(([name, run]) => ({ name, weight: 1, run })),
    pacer: { pace: () => (left-- > 0 ? { kind: 'start' } : { kind: 'stop' }) },
    stage,
    recorder: new Recorder((from, to) => stage.stamp(from, to)),
    dial: new Map(),
    data: undefined,
    stopped: new AbortController().signal,
    cut: new AbortController().signal,
    ...change,
  };
}

function recorded({ recorder }: Crew, metric: string): readonly Arrived[] {
  return written((sink) => recorder.flush(sink)).arrived.filter(({ name }) => name === metric);
}

test('a worker runs iteration after iteration, with variables and connections of its own', async () => {
  await using server = await serve((_, response) => response.end('hello'));
  const seen: unknown[] = [];
  const crew = crewOf({
    iterations: 3,
    data: { token: 't' },
    brief: briefOf(planOf({ target: server.url, env: { SIZE: '3' } }), { node: 2 }),
    scenarios: {
      visit: async ({ http, check, vars, data, worker, iteration, node, env }: ScenarioContext) => {
        vars.visits = Number(vars.visits ?? 0) + 1;
        const { status } = await http.get('/');
        seen.push([check(status === 200, 'is there'), vars.visits, data, worker, iteration, node, env.SIZE]);
      },
    },
  });
  const worker = new Worker(5, crew);
  await worker.run();
  expect(seen).toEqual([0, 1, 2].map((i) => [true, i + 1, { token: 't' }, 5, i, 2, '3']));
  expect(server.connections).toHaveLength(1);
  expect([worker.running, worker.cutIterations]).toEqual([false, 0]);

  const { arrived } = written((sink) => crew.recorder.flush(sink));
  const counted = Object.fromEntries(arrived.map(({ name, value, weight }) => [name, value * weight]));
  expect(counted).toMatchObject({ http_reqs: 3, iterations: 3, checks: 3, iteration_failed: 0 });
  const request = arrived.find(({ name }) => name === 'http_reqs');
  expect(request?.tags).toMatchObject({ scenario: 'visit', name: 'GET /', phase: 'steady' });
});

test('an iteration that throws has failed, at once or later, and the worker goes on', async () => {
  const crew = crewOf({
    iterations: 4,
    scenarios: {
      fail: ({ iteration }) => {
        if (iteration === 0) throw new Error('at once');
        return iteration === 1 ? Promise.reject(new Error('later')) : undefined;
      },
    },
  });
  await new Worker(0, crew).run();
  expect(crew.recorder.errors.all).toMatchObject([
    { scenario: 'fail', failure: 'assertion', message: 'at once', count: 1 },
    { scenario: 'fail', failure: 'assertion', message: 'later', count: 1 },
  ]);
  const { arrived } = written((sink) => crew.recorder.flush(sink));
  expect(arrived.filter(({ name }) => name === 'iteration_failed').map(({ value, weight }) => [value, weight])).toEqual(
    [
      [1, 2],
      [0, 2],
    ],
  );
  expect(arrived.find(({ name }) => name === 'failures')).toMatchObject({ value: 2, tags: { class: 'assertion' } });
});

test('an iteration that fails by a request is counted under the class of the request, once', async () => {
  const port = await closedPort();
  const crew = crewOf({
    brief: briefOf(planOf({ target: `http://127.0.0.1:${port}` })),
    scenarios: { visit: ({ http }) => http.get('/') },
  });
  await new Worker(0, crew).run();
  expect(crew.recorder.errors.all).toMatchObject([{ failure: 'refused', count: 1 }]);
  expect(recorded(crew, 'failures')).toMatchObject([{ value: 1, tags: { class: 'refused' } }]);
});

test('a worker waits as its pacer says, and a stop ends the wait', async () => {
  const stop = new AbortController();
  const paces: Pace[] = [{ kind: 'wait', ms: 5 }, { kind: 'start' }, { kind: 'wait', ms: 60_000 }];
  let iterations = 0;
  const crew = crewOf({
    pacer: {
      pace: () => {
        const pace = paces.shift() ?? { kind: 'stop' };
        // The worker is in its long wait one turn later.
        if (pace.kind === 'wait' && pace.ms > 1000) setImmediate(() => stop.abort());
        return pace;
      },
    },
    stopped: stop.signal,
    scenarios: { count: () => void iterations++ },
  });
  await new Worker(0, crew).run();
  expect(iterations).toBe(1);
});

test('after a stop no further iteration begins, and the one in flight ends by itself', async () => {
  const stop = new AbortController();
  let ended = 0;
  const crew = crewOf({
    iterations: 100,
    stopped: stop.signal,
    scenarios: {
      slow: async ({ sleep }) => {
        stop.abort();
        await sleep(5);
        ended += 1;
      },
    },
  });
  const worker = new Worker(0, crew);
  await worker.run();
  expect([ended, worker.cutIterations]).toEqual([1, 0]);
  expect(recorded(crew, 'iterations')).toMatchObject([{ value: 1 }]);
});

test('a cut ends what waits, and the iteration counts as cut, neither as done nor as failed', async () => {
  const cut = new AbortController();
  const crew = crewOf({
    cut: cut.signal,
    scenarios: {
      endless: async ({ sleep, signal }) => {
        const slept = sleep(60_000);
        cut.abort();
        expect(signal.aborted).toBe(true);
        await slept;
      },
    },
  });
  const worker = new Worker(0, crew);
  await worker.run();
  expect([worker.running, worker.cutIterations, crew.recorder.errors.all]).toEqual([false, 1, []]);
  expect(recorded(crew, 'iterations')).toEqual([]);
});

test('a scenario that never waits leaves turns to the rest of the node', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  // Without turns nothing else could end this.
  const endMs = performance.now() + 3000;
  const crew = crewOf({
    pacer: { pace: () => ({ kind: turns < 3 && performance.now() < endMs ? 'start' : 'stop' }) },
    scenarios: { busy: () => undefined },
  });
  await new Worker(0, crew).run();
  clearInterval(timer);
  expect(turns).toBe(3);
});

test('which scenario is next depends on the seed and the worker alone', async () => {
  const picks = async (seed: number, id: number): Promise<readonly string[]> => {
    const picked: string[] = [];
    const crew = crewOf({
      iterations: 40,
      brief: briefOf(planOf({ seed })),
      scenarios: { a: () => void picked.push('a'), b: () => void picked.push('b') },
    });
    await new Worker(id, crew).run();
    return picked;
  };
  const first = await picks(7, 0);
  expect(await picks(7, 0)).toEqual(first);
  expect(await picks(7, 1)).not.toEqual(first);
  expect(await picks(8, 0)).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set(['a', 'b']));
});
