import { expect, test } from 'vitest';
import type { NodeClock, NodeResult } from '../result/node-result.ts';
import { resultOf } from '../result/result.test.fixture.ts';
import { clockReasons } from './clock-reasons.ts';

function results(...clocks: readonly (NodeClock | undefined)[]): readonly NodeResult[] {
  return clocks.map((clock, i) => resultOf({ node: i + 1, clock }));
}

test.each<[string, readonly (NodeClock | undefined)[], readonly string[]]>([
  ['nothing is known', [undefined, undefined], []],
  [
    'all say the same, as far as messages tell',
    [
      { leastMs: -20, mostMs: 15, stepMs: 0 },
      { leastMs: -3, mostMs: 400, stepMs: 1 },
    ],
    [],
  ],
  [
    'both are wrong alike',
    [
      { leastMs: 4990, mostMs: 5020, stepMs: 0 },
      { leastMs: 5000, mostMs: 5030, stepMs: 0 },
    ],
    [],
  ],
  [
    'one is slow, or the network is',
    [
      { leastMs: -900, mostMs: 900, stepMs: 0 },
      { leastMs: 80, mostMs: 90, stepMs: 0 },
    ],
    [],
  ],
  [
    'two are apart for certain',
    [
      { leastMs: -20, mostMs: 15, stepMs: 0 },
      { leastMs: 130, mostMs: 160, stepMs: 0 },
    ],
    ['the clock of node 2 is 115 ms or more ahead of that of node 1 (limit 100 ms)'],
  ],
  ['one was set', [{ stepMs: -3600 }], ['node 1: its clock was set by -3600 ms during the run (limit 100 ms)']],
])('%s', (_, clocks, reasons) => {
  expect(clockReasons(results(...clocks), 100)).toEqual(reasons);
});
