import { expect, test } from 'vitest';
import { Histogram } from '../histogram/histogram.ts';
import type { LiveRequests } from './live-requests.ts';
import { addLiveStates, type LiveState } from './live-state.ts';

test('the states of nodes add up, their latencies merge, and a fault of several nodes is one', () => {
  const total = addLiveStates([stateOf(1, [10, 20], ['slow']), stateOf(2, [30], ['slow', 'dead'])]);
  expect(total).toMatchObject({ requests: 3, failed: 3, iterations: 2, samples: 9, faults: 1 });
  expect(total.activeFaults).toEqual(['slow', 'dead']);
  expect(total.durations).toMatchObject({ count: 3, min: 10, max: 30 });
  expect(addLiveStates([]).durations.count).toBe(0);
});

test('the requests of a name in a protocol add up over the nodes, and their latencies merge; failures add up by class', () => {
  const row = (name: string, requests: number, ms: number, protocol = 'http'): LiveRequests => {
    const durations = new Histogram();
    durations.record(ms, requests);
    return { name, protocol, requests, failed: 1, rate: requests / 5, durations: durations.toJSON() };
  };
  const { names, failures } = addLiveStates([
    { ...stateOf(1, [], []), names: [row('buy', 10, 5), row('list', 20, 1)], failures: { status: 2 } },
    {
      ...stateOf(2, [], []),
      names: [row('buy', 30, 50), row('buy', 5, 7, 'grpc')],
      failures: { status: 1, timeout: 1 },
    },
    stateOf(3, [], []),
  ]);
  expect(names.map(({ durations, ...one }) => ({ ...one, count: durations.count, max: durations.max }))).toEqual([
    { name: 'buy', protocol: 'http', requests: 40, failed: 2, rate: 8, count: 40, max: 50 },
    { name: 'list', protocol: 'http', requests: 20, failed: 1, rate: 4, count: 20, max: 1 },
    { name: 'buy', protocol: 'grpc', requests: 5, failed: 1, rate: 1, count: 5, max: 7 },
  ]);
  expect(failures).toEqual({ status: 3, timeout: 1 });
});

test('what is in the way of the points of any node is told', () => {
  const [fine, stuck] = [stateOf(1, [], []), { ...stateOf(2, [], []), storage: 'no database' }];
  expect(addLiveStates([fine, stuck]).storage).toBe('no database');
  expect(addLiveStates([fine]).storage).toBeUndefined();
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
