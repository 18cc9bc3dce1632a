import fc from 'fast-check';
import { expect, test } from 'vitest';
import { draw, randomSequence } from './draw.ts';

test('the same seed and keys draw the same number, in [0, 1)', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.oneof(fc.string(), fc.integer())), (seed, keys) => {
      const number = draw(seed, ...keys);
      expect(number).toBe(draw(seed, ...keys));
      expect(number).toBeGreaterThanOrEqual(0);
      expect(number).toBeLessThan(1);
    }),
  );
});

test('neighbouring keys draw evenly: each tenth gets its share within five sigma', () => {
  const draws = 100_000;
  const bins = new Array<number>(10).fill(0);
  for (let request = 0; request < draws; request++) {
    const bin = Math.floor(draw(7, 'web', 'slow', 3, request) * 10);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const tolerance = 5 * Math.sqrt(draws * 0.1 * 0.9);
  for (const count of bins) expect(Math.abs(count - draws / 10)).toBeLessThan(tolerance);
});

test('keys do not run into each other', () => {
  expect(draw(1, 'a', 'bc')).not.toBe(draw(1, 'ab', 'c'));
});

test('a sequence repeats from its keys and differs for others', () => {
  const [a, b, c] = [randomSequence(1, 'worker', 1), randomSequence(1, 'worker', 1), randomSequence(1, 'worker', 2)];
  const take = (next: () => number): number[] => Array.from({ length: 20 }, next);
  const first = take(a);
  expect(take(b)).toEqual(first);
  expect(take(c)).not.toEqual(first);
});
