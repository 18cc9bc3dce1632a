import { expect, test } from 'vitest';
import { withoutReplaced } from './layers.ts';
import { overrideOf } from './overrides.ts';

const file = { stages: [1], scenarios: { a: {} }, workers: 5, thresholds: {} };

test.each([
  [['duration'], { workers: 5, thresholds: {} }],
  [['workers'], { stages: [1], workers: 5, thresholds: {} }],
  [['rate'], { workers: 5, thresholds: {} }],
  [['target'], file],
  [['duration', 'stages'], { stages: [1], workers: 5, thresholds: {} }],
])('a layer that sets %j leaves %j', (keys, left) => {
  const layer = keys.map((key) => overrideOf([key], '1', `--${key}`));
  expect(withoutReplaced(file, layer)).toEqual(left);
});

test('stages stand over what a run would otherwise be', () => {
  const layer = [overrideOf(['stages'], '1s:2', '--stage')];
  const below = { duration: 5, iterations: 3, rate: 1, rampUp: 2, workers: 7 };
  expect(withoutReplaced(below, layer)).toEqual({ workers: 7 });
});
