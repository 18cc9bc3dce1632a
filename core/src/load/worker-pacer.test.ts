import { expect, test } from 'vitest';
import type { Pace } from './pace.ts';
import { workerPacer } from './worker-pacer.ts';

const spans = [
  { fromMs: 250, toMs: 1000 },
  { fromMs: 2000, toMs: 3000 },
];

test.each<[number, number, Pace, string]>([
  [-250, 0, { kind: 'wait', ms: 500 }, 'before the start instant it waits for its begin'],
  [0, 0, { kind: 'wait', ms: 250 }, 'and so it does in its ramp'],
  [250, 0, { kind: 'start' }, 'at its begin'],
  [999, 3, { kind: 'start' }, 'just before the end of a span'],
  [1000, 4, { kind: 'wait', ms: 1000 }, 'between two spans'],
  [2500, 4, { kind: 'start' }, 'in the second'],
  [2500, 5, { kind: 'stop' }, 'when it has begun as many as it may'],
  [3000, 4, { kind: 'stop' }, 'at the end nothing new begins'],
])('at %d ms, with %d begun, a worker gets %o: %s', (elapsedMs, begun, expected) => {
  expect(workerPacer({ spans, limit: 5 }).pace(elapsedMs, begun)).toEqual(expected);
});

test('without a limit the spans alone decide', () => {
  expect(workerPacer({ spans }).pace(300, 1_000_000)).toEqual({ kind: 'start' });
});
