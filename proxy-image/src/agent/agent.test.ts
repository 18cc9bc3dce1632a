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
  agent.flush();
  agent.record(FAULT);
  expect([agent.ownSamples, agent.counts.stored]).toEqual([1, 1]);
  agent.flush();
  expect([agent.ownSamples, agent.counts.stored]).toEqual([2, 2]);
});

test('each flush is points of its own, even when the clock stands still', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-agent-'));
  await using database = await startDatabase();
  await using agent = await open({ influx: { plan: database.plan, spoolDir: dir.path } });
  expect(agent.points).toEqual({ written: 0, spooled: 0, dropped: 0 });
  agent.record(FAULT);
  agent.flush();
  agent.record(FAULT);
  await agent.finish();
  await agent.drain();
  expect(database.stored).toEqual([
    `faults,fault=slow,node=2,phase=steady,run=r1 sum=1 ${AT_MS}`,
    `faults,fault=slow,node=2,phase=steady,run=r1 sum=1 ${AT_MS + 1}`,
  ]);
  expect(agent.points).toEqual({ written: 2, spooled: 0, dropped: 0 });
  expect(agent.influxError).toBeUndefined();
});

test('without a database there are no points, and nothing to wait for', async () => {
  await using agent = await open();
  agent.record(FAULT);
  expect(agent.flush()).toHaveLength(1);
  await agent.drain();
  expect([agent.points, agent.influxError]).toEqual([undefined, undefined]);
});
