import { expect, test } from 'vitest';
import { randomSequence } from '../random/draw.ts';
import { histogramOf, spread } from './figures.test.fixture.ts';
import { quantileEstimate } from './quantile-estimate.ts';

test('of 99 intervals in 100 the true quantile is within', () => {
  const random = randomSequence(7);
  const exponential = (): number => -100 * Math.log(1 - random());
  const truth = { p50: 100 * Math.log(2), p95: 100 * Math.log(20) };
  let [held, runs] = [0, 0];
  for (let i = 0; i < 400; i++) {
    const histogram = histogramOf(Array.from({ length: 300 }, exponential));
    for (const [q, value] of [
      [0.5, truth.p50],
      [0.95, truth.p95],
    ] as const) {
      const estimate = quantileEstimate(histogram, q, 1);
      if (!estimate) throw new Error('300 samples are enough');
      runs += 1;
      if (estimate.lower <= value && value <= estimate.upper) held += 1;
    }
  }
  // Of 800 intervals 8 are expected to miss; 20 would be a wonder.
  expect(runs).toBe(800);
  expect(held).toBeGreaterThanOrEqual(780);
  expect(held).toBeLessThan(800);
});

test('samples that are worth less have wider intervals', () => {
  const histogram = histogramOf(spread(1, 1000, 4000));
  const widthOf = (designEffect: number): number => {
    const { lower, upper } = quantileEstimate(histogram, 0.5, designEffect) ?? { lower: 0, upper: 0 };
    return upper - lower;
  };
  expect(widthOf(4) / widthOf(1)).toBeCloseTo(2, 1);
});

test.each([
  [0.5, 10, 1, true],
  [0.5, 9, 1, false],
  [0.95, 100, 1, true],
  [0.95, 99, 1, false],
  [0.95, 199, 2, false],
  [0.95, 200, 2, true],
  [0.5, 0, 1, false],
])('of q %d of %i samples, each %i worth one, there is an estimate: %s', (q, count, designEffect, is) => {
  expect(quantileEstimate(histogramOf(spread(1, 100, count)), q, designEffect) !== undefined).toBe(is);
});
