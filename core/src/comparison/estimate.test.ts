import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differenceOf, durationDifferenceOf, type Estimate } from './estimate.ts';

const estimate = fc
  .tuple(...Array.from({ length: 3 }, () => fc.double({ min: 0.01, max: 1e5, noNaN: true })))
  .map((bounds): Estimate => {
    const [lower = 0, value = 0, upper = 0] = bounds.toSorted((a, b) => a - b);
    return { value, lower, upper };
  });

test('an interval holds its difference, and that of durations never says less than nothing', () => {
  fc.assert(
    fc.property(estimate, estimate, (a, b) => {
      for (const { value, lower, upper } of [differenceOf(a, b), durationDifferenceOf(a, b)]) {
        const slack = 1e-9 * Math.max(a.value, b.value);
        expect(value).toBe(b.value - a.value);
        expect(lower).toBeLessThanOrEqual(value + slack);
        expect(upper).toBeGreaterThanOrEqual(value - slack);
      }
      expect(durationDifferenceOf(a, b).lower).toBeGreaterThanOrEqual(-a.value);
    }),
  );
});

test('twice as long and half as long are equally certain', () => {
  const a = { value: 100, lower: 80, upper: 125 };
  const [twice, half] = [
    durationDifferenceOf(a, { value: 200, lower: 160, upper: 250 }),
    durationDifferenceOf(a, { value: 50, lower: 40, upper: 62.5 }),
  ];
  const factor = (difference: number): number => 1 + difference / 100;
  expect(factor(twice.lower)).toBeCloseTo(1 / factor(half.upper), 5);
  expect(factor(twice.upper)).toBeCloseTo(1 / factor(half.lower), 5);
});

test('of exact values the difference is exact, also from nothing', () => {
  const exactly = (value: number): Estimate => ({ value, lower: value, upper: value });
  expect(durationDifferenceOf(exactly(0), exactly(3))).toEqual(exactly(3));
  expect(durationDifferenceOf(exactly(2), exactly(2))).toEqual(exactly(0));
});
