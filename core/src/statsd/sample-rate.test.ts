import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rateOfWeight, weightOfRate } from './sample-rate.ts';

test.each([
  ['1', 1],
  ['0.1', 10],
  ['.01', 100],
  ['1e-3', 1000],
  // rounded thirds
  ['0.3333333', 3],
  ['0.33333333333333331', 3],
  // too far from a whole number to mean one
  ['0.33', 1 / 0.33],
  ['0.3', 1 / 0.3],
])('a sample at rate %s stands for %d', (text, weight) => {
  expect(weightOfRate(text)).toBe(weight);
});

test.each(['', '0', '-0.1', '1.0001', '2', 'NaN', 'Infinity', '0,1', '1e-300'])('%j is no rate', (text) => {
  expect(weightOfRate(text)).toBeNaN();
});

test.each([
  [1, '1'],
  [2, '0.5'],
  [8, '0.125'],
  [100, '0.01'],
  [3, '0.3333333'],
  [1_000_000, '0.000001'],
  [1_000_000_000, '0.000000001'],
])('the rate of %d is %s', (weight, text) => {
  expect(Number(rateOfWeight(weight))).toBe(Number(text));
  expect(rateOfWeight(weight).length).toBeLessThanOrEqual(Math.max(text.length, 3));
});

test('every weight up to 1e9 survives as a plain decimal, and as none that is a digit shorter', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 1e9 })), (weight) => {
      const rate = rateOfWeight(weight);
      expect(rate).toMatch(/^[01]\.\d+$/);
      expect(weightOfRate(rate)).toBe(weight);
      const decimals = rate.length - 2;
      if (decimals > 1) expect(weightOfRate((1 / weight).toFixed(decimals - 1))).not.toBe(weight);
    }),
    { numRuns: 2000 },
  );
});

test('weights up to 1e15 survive', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1e9, max: 1e15 }), (weight) => weightOfRate(rateOfWeight(weight)) === weight),
  );
});

test('a weight with a fraction is kept as closely as doubles allow', () => {
  expect(weightOfRate(rateOfWeight(1 / 0.3))).toBeCloseTo(1 / 0.3, 12);
});
