import fc from 'fast-check';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { encodeHdr, hdrIndex } from './encode-hdr.ts';

const HOUR_NS = 3_600_000_000_000;

test.each([
  [0, 0],
  [2047, 2047],
  [2048, 2048],
  [2050, 2049],
  [4095, 3071],
  [4096, 3072],
  [Number.MAX_SAFE_INTEGER, 42 * 1024 + 2047],
])('%d is at place %d', (value, index) => {
  expect(hdrIndex(value)).toBe(index);
});

const samples = fc.array(
  fc.record({
    value: fc.oneof(fc.nat(5000), fc.integer({ min: 0, max: HOUR_NS })),
    count: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 2 ** 40 })),
  }),
  { minLength: 1, maxLength: 20 },
);

test("HdrHistogram's own reader finds the samples, each within one in a thousand", () => {
  fc.assert(
    fc.property(samples, (given) => {
      const sorted = given.toSorted((a, b) => a.value - b.value);
      // 64 bits: the reader's 32-bit counters would overflow.
      const histogram = decodeFromCompressedBase64(encodeHdr(sorted, HOUR_NS), 64);
      const total = given.reduce((sum, { count }) => sum + count, 0);
      expect(histogram.totalCount).toBe(total);
      for (const { value, count } of sorted) {
        const below = sorted.reduce((sum, one) => (one.value <= value ? sum + one.count : sum), 0);
        const found = histogram.getValueAtPercentile(((below - count / 2) / total) * 100);
        expect(Math.abs(found - value)).toBeLessThanOrEqual(value / 1000 + 1);
      }
    }),
    { numRuns: 50 },
  );
});

test('fractional counts are rounded, and their sum is', () => {
  const thirds = [10, 20, 30].map((value) => ({ value, count: 1 / 3 }));
  expect(decodeFromCompressedBase64(encodeHdr(thirds, HOUR_NS), 64).totalCount).toBe(1);
  expect(decodeFromCompressedBase64(encodeHdr([], HOUR_NS), 64).totalCount).toBe(0);
});
