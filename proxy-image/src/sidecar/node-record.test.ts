import { Histogram, type StatsdSample } from '@loads/core';
import { expect, test } from 'vitest';
import { Agent } from '../agent/agent.ts';
import { liveState, nodeResult } from './node-record.ts';
import { planOf } from './plan.test.fixture.ts';

const ORDER = { run: 'r1', node: 2, plan: planOf() };

function open(): Promise<Agent> {
  return Agent.open({
    now: () => 1000,
    stamp: () => ({ phase: 'steady', fault: '' }),
    onLines: () => undefined,
    tags: {},
  });
}

function sample(name: string, type: StatsdSample['type'], value: number): StatsdSample {
  return { name, type, value, weight: 1, tags: {}, delta: undefined, text: undefined };
}

test('what the node emitted is what its scenario counted and the samples of its own', async () => {
  await using agent = await open();
  agent.record(sample('faults', 'c', 1));
  await agent.flush();
  const report = { emitted: 9, interrupted: 2, errors: [], commandExit: 3 };
  const result = await nodeResult(ORDER, agent, { end: 'done', startedAtMs: 5, nowMs: 7, report });
  expect(result).toMatchObject({
    run: 'r1',
    node: 2,
    final: true,
    scenario: 'done',
    startedAtMs: 5,
    endedAtMs: 7,
    interrupted: 2,
    commandExit: 3,
    accounting: { emitted: 10, received: 1, stored: 1, rejected: 0, kernelDrops: 0, points: undefined },
  });
  expect(result.series).toMatchObject([{ metric: 'faults', aggregate: { sum: 1 } }]);
});

test('while the scenario runs, and when it was lost, nobody has counted', async () => {
  await using agent = await open();
  const state = { startedAtMs: undefined, nowMs: 7, report: undefined };
  const running = await nodeResult(ORDER, agent, { ...state, end: 'running' });
  expect(running).toMatchObject({ final: false, scenario: 'running', accounting: { emitted: null }, errors: [] });
  const lost = await nodeResult(ORDER, agent, { ...state, end: 'lost' });
  expect(lost).toMatchObject({ final: true, scenario: 'lost', accounting: { emitted: null } });
});

test('the live state has totals of the run, and the latencies of the window alone', async () => {
  await using agent = await open();
  const samples = [
    sample('http_reqs', 'c', 3),
    sample('http_req_failed', 'h', 1),
    sample('iterations', 'c', 2),
    sample('iteration_failed', 'h', 0),
    sample('http_req_duration', 'ms', 10),
    sample('faults', 'c', 1),
  ];
  for (const one of samples) agent.record(one);
  await agent.flush();
  agent.record(sample('http_reqs', 'c', 1));
  agent.record(sample('http_req_duration', 'ms', 20));
  const live = liveState(2, agent, await agent.flush(), ['slow'], 1234);
  expect(live).toMatchObject({
    node: 2,
    atMs: 1234,
    requests: 4,
    failed: 1,
    iterations: 2,
    iterationsFailed: 0,
    samples: 8,
    faults: 1,
    activeFaults: ['slow'],
  });
  expect(Histogram.fromJSON(live.durations)).toMatchObject({ count: 1, min: 20, max: 20 });
  const idle = liveState(2, agent, await agent.flush(), [], 1234);
  expect(Histogram.fromJSON(idle.durations).count).toBe(0);
});
