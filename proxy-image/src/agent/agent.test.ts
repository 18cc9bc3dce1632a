import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { select } from '@loads/core';
import { expect, test } from 'vitest';
import { startDatabase } from '../influx/database.test.fixture.ts';
import { Agent, type AgentOptions } from './agent.ts';

const AT_MS = 1_750_000_000_000;
const FAULT = { name: 'faults', type: 'c', value: 1, weight: 1, tags: { fault: 'slow' } } as const;

function open(change: Partial<AgentOptions> = {}): Promise<Agent> {
  return Agent.open({
    now: () => AT_MS,
    stamp: () => ({ phase: 'steady', fault: '' }),
    onLines: () => undefined,
    tags: { run: 'r1', node: '2' },
    ...change,
  });
}

/** Sends datagrams; they are in the agent's buffer then, and hardly one has been read. */
async function send({ address }: Agent, ...datagrams: readonly string[]): Promise<void> {
  const [host, port] = address.split(':');
  const socket = createSocket('udp4');
  socket.connect(Number(port), host);
  await once(socket, 'connect');
  for (const datagram of datagrams) socket.send(datagram);
  await new Promise<void>((resolve) => socket.close(resolve));
}

test('what was sent before the finish is in the result, though nobody waited for it', async () => {
  const counted: number[] = [];
  await using agent = await open({ onLines: (lines) => counted.push(lines) });
  await send(agent, ...Array.from({ length: 300 }, () => 'orders:1|c\norders:1|c'), 'nonsense');
  await agent.finish();
  expect(agent.counts).toEqual({ received: 601, stored: 600, rejected: 1 });
  expect(select(agent.store.series, 'orders')).toMatchObject({ sum: 600 });
  expect([counted[0], counted.at(-1)]).toEqual([2, 601]);
  expect(await agent.kernelDrops()).toBe(0);
});

test('own samples are counted apart, up to the last flush as all others', async () => {
  await using agent = await open();
  agent.record(FAULT);
  await agent.flush();
  agent.record(FAULT);
  expect([agent.ownSamples, agent.counts.stored]).toEqual([1, 1]);
  await agent.flush();
  expect([agent.ownSamples, agent.counts.stored]).toEqual([2, 2]);
});

test('each flush is points of its own, even when the clock stands still', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-agent-'));
  await using database = await startDatabase();
  await using agent = await open({ influx: { plan: database.plan, spoolDir: dir.path } });
  expect(agent.points).toEqual({ written: 0, spooled: 0, dropped: 0 });
  agent.record(FAULT);
  await agent.flush();
  agent.record(FAULT);
  const further = { measurement: 'events', tags: { run: 'r1' }, fields: { title: 'over' }, atMs: AT_MS };
  await agent.finish([further], 5);
  await agent.drain(join(dir.path, 'points.lp.gz'));
  const [first, own, second, last, event] = database.stored;
  expect(database.stored).toHaveLength(5);
  expect(first).toBe(`faults,fault=slow,node=2,phase=steady,run=r1 sum=1 ${AT_MS}`);
  expect(second).toBe(`faults,fault=slow,node=2,phase=steady,run=r1 sum=1 ${AT_MS + 1}`);
  expect(event).toBe(`events,run=r1 title="over" ${AT_MS}`);
  // The agent's own figures; what was emitted is known at the end: by the scenario 5, and 2 by the agent itself.
  const figures = 'received=1,stored=1,rejected=0,kernel_drops=0,points_written=0,points_spooled=0,points_dropped=0';
  expect(own).toMatch(new RegExp(`^node_agent,node=2,run=r1 ${figures},cpu=[\\d.e-]+,memory=\\d+ ${AT_MS}$`));
  expect(last).toMatch(/^node_agent,node=2,run=r1 emitted=7,received=2,stored=2,/);
  expect(agent.points).toEqual({ written: 5, spooled: 0, dropped: 0 });
});

test('without a database there are no points, and nothing to wait for', async () => {
  await using agent = await open();
  agent.record(FAULT);
  expect(await agent.flush()).toHaveLength(1);
  await agent.drain('/nowhere');
  expect([agent.points, await agent.makeRoom()]).toEqual([undefined, false]);
});

test('points say how far the run was, and the latencies of the last step are stored at the end', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-agent-'));
  await using database = await startDatabase();
  const influx = { plan: database.plan, spoolDir: dir.path };
  await using agent = await open({ influx, elapsed: (atMs) => atMs - AT_MS + 2500 });
  agent.record({ name: 'http_req_duration', type: 'ms', value: 7, weight: 3, tags: { name: 'a' } });
  await agent.flush();
  await agent.finish();
  await agent.drain(join(dir.path, 'points.lp.gz'));
  const stored = database.stored.join('\n');
  expect(stored).toMatch(/^http_req_duration,name=a,node=2,phase=steady,run=r1 count=3,.*,elapsed=2\.5 /m);
  for (const name of ['(all)', 'a']) {
    expect(stored).toContain(
      `http_req_duration_cumulative,le=+Inf,name=${name},node=2,phase=steady,run=r1 at_most=3,total=3,bound=12600,elapsed=2.501 ${AT_MS + 1}`,
    );
  }
});
