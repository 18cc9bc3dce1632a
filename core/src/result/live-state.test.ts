import { expect, test } from 'vitest';
import { Histogram } from '../histogram/histogram.ts';
import { addLiveStates, type LiveState } from './live-state.ts';

test('the states of nodes add up, their latencies merge, and a fault of several nodes is one', () => {
  const total = addLiveStates([stateOf(1, [10, 20], ['slow']), stateOf(2, [30], ['slow', 'dead'])]);
  expect(total).toMatchObject({ requests: 3, failed: 3, iterations: 2, samples: 9, faults: 1 });
  expect(total.activeFaults).toEqual(['slow', 'dead']);
  expect(total.durations).toMatchObject({ count: 3, min: 10, max: 30 });
  expect(addLiveStates([]).durations.count).toBe(0);
});

function stateOf(node: number, latencies: readonly number[], activeFaults: readonly string[]): LiveState {
  const durations = new Histogram();
  for (const ms of latencies) durations.record(ms);
  return {
    node,
    atMs: 0,
    requests: latencies.length,
    failed: node,
    iterations: 1,
    iterationsFailed: 0,
    samples: 3 * latencies.length,
    faults: node - 1,
    activeFaults,
    durations: durations.toJSON(),
  };
}
