import { expect, test } from 'vitest';
import { type FaultSpan, mergeSpans } from './fault-span.ts';

function span(fault: string, first: number, last: number): FaultSpan {
  const mark = (atMs: number): FaultSpan['first'] => ({ id: `id-${atMs}`, atMs });
  return { fault, proxy: 'db', behavior: 'error', first: mark(first), last: mark(last) };
}

test('spans of one fault become one, whatever their order', () => {
  const spans = [span('a', 5, 6), span('b', 1, 1), span('a', 2, 9), span('a', 3, 4)];
  const merged = [span('a', 2, 9), span('b', 1, 1)];
  expect(mergeSpans(spans)).toEqual(merged);
  expect(mergeSpans(spans.toReversed())).toEqual(expect.arrayContaining(merged));
  expect(mergeSpans([])).toEqual([]);
});

test('spans of other behaviors and proxies stay apart', () => {
  const one = span('a', 1, 2);
  const others = [
    { ...one, proxy: 'web' },
    { ...one, behavior: 'delay' },
  ];
  expect(mergeSpans([one, ...others])).toEqual([one, ...others]);
});
