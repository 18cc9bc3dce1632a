import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differenceOf } from './estimate.ts';
import { proportion } from './proportion.ts';

const Z95 = 1.959964;

// R. G. Newcombe, "Interval estimation for the difference between independent proportions", 1998, table II, method 10.
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [10, 10, 0, 20, 0.6791, 1],
] as const)('%i of %i against %i of %i has the interval that is published', (b, ofB, a, ofA, lower, upper) => {
  const difference = differenceOf(proportion(a / ofA, ofA, Z95), proportion(b / ofB, ofB, Z95));
  expect(difference.value).toBeCloseTo(b / ofB - a / ofA, 10);
  expect(difference.lower).toBeCloseTo(lower, 4);
  expect(difference.upper).toBeCloseTo(upper, 4);
});

test('an interval holds its value, stays within 0 and 1, and narrows with the samples', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 1, max: 1e6, noNaN: true }),
      (share, count) => {
        const { value, lower, upper } = proportion(share, count);
        expect(lower).toBeLessThanOrEqual(value);
        expect(upper).toBeGreaterThanOrEqual(value);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeLessThanOrEqual(1);
        const more = proportion(share, count * 4);
        expect(more.upper - more.lower).toBeLessThan(upper - lower);
      },
    ),
  );
});

test('the difference of two values turned round is turned round', () => {
  const [a, b] = [proportion(0.2, 50), proportion(0.5, 80)];
  const [there, back] = [differenceOf(a, b), differenceOf(b, a)];
  expect(back.value).toBeCloseTo(-there.value);
  expect(back.lower).toBeCloseTo(-there.upper);
  expect(back.upper).toBeCloseTo(-there.lower);
});
