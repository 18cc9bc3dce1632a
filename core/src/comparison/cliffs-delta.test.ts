import { createHistogram } from 'node:perf_hooks';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cliffsDelta } from './cliffs-delta.ts';
import { histogramOf, spread } from './figures.test.fixture.ts';

const whole = fc.array(fc.integer({ min: 1, max: 127 }), { minLength: 1, maxLength: 40 });

test('it is how much likelier one is above the other than below it', () => {
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      const signs = b.flatMap((y) => a.map((x) => Math.sign(y - x)));
      const expected = signs.reduce((sum, sign) => sum + sign, 0) / signs.length;
      expect(cliffsDelta(histogramOf(a), histogramOf(b))?.delta).toBeCloseTo(expected, 10);
    }),
  );
});

test('the other way round it has the other sign, and no sample more or less changes it', () => {
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      const there = cliffsDelta(histogramOf(a), histogramOf(b))?.delta ?? Number.NaN;
      expect(cliffsDelta(histogramOf(b), histogramOf(a))?.delta).toBeCloseTo(-there, 10);
      expect(cliffsDelta(histogramOf(a, 1000), histogramOf(b, 1000))?.delta).toBeCloseTo(there, 10);
    }),
  );
});

test.each([
  ['negligible', 100],
  ['small', 250],
  ['medium', 400],
  ['large', 900],
] as const)('an effect is %s when %i of 1000 samples are moved', (size, moved) => {
  const b = histogramOf([...spread(200, 201, moved), ...Array.from({ length: 1000 - moved }, () => 100)]);
  expect(cliffsDelta(histogramOf([100]), b)?.size).toBe(size);
});

test('without samples there is none', () => {
  expect(cliffsDelta(histogramOf([]), histogramOf([1]))).toBeUndefined();
  expect(cliffsDelta(histogramOf([1]), histogramOf([]))).toBeUndefined();
});

type WithCliffsD = { cliffsD(other: unknown): number };
const theirs = createHistogram();

test.skipIf(!('cliffsD' in theirs))("it is that of Node's own histograms, where both keep the values exactly", () => {
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      const [before, after] = [createHistogram(), createHistogram()];
      for (const value of a) before.record(value);
      for (const value of b) after.record(value);
      const expected = (after as unknown as WithCliffsD).cliffsD(before);
      expect(cliffsDelta(histogramOf(a), histogramOf(b))?.delta).toBeCloseTo(expected, 10);
    }),
    { numRuns: 30 },
  );
});
