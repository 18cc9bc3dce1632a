import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomSequence } from '../random/draw.ts';
import { type Batch, designEffect } from './design-effect.ts';

test('samples that are marked by chance are worth one each', () => {
  const random = randomSequence(3);
  const effects = Array.from({ length: 200 }, () => {
    const batches = Array.from({ length: 20 }, (): Batch => {
      const marks = Array.from({ length: 100 }, () => (random() < 0.05 ? 1 : 0));
      return { count: 100, marked: marks.reduce<number>((sum, mark) => sum + mark, 0) };
    });
    return designEffect(batches);
  });
  const mean = effects.reduce((sum, effect) => sum + effect, 0) / effects.length;
  expect(mean).toBeGreaterThan(1);
  expect(mean).toBeLessThan(1.3);
});

test('where whole batches are marked, a batch is worth one sample', () => {
  const batches = Array.from({ length: 20 }, (_, i): Batch => ({ count: 100, marked: i % 2 === 0 ? 100 : 0 }));
  expect(designEffect(batches)).toBeCloseTo((100 * 20) / 19, 5);
});

test.each<[string, readonly Batch[]]>([
  ['few batches', Array.from({ length: 4 }, (_, i) => ({ count: 10, marked: i % 2 === 0 ? 10 : 0 }))],
  ['empty batches', Array.from({ length: 9 }, (_, i) => ({ count: i < 4 ? 10 : 0, marked: i < 2 ? 10 : 0 }))],
  ['nothing marked', Array.from({ length: 9 }, () => ({ count: 10, marked: 0 }))],
  ['everything marked', Array.from({ length: 9 }, () => ({ count: 10, marked: 10 }))],
])('%s tell nothing', (_, batches) => {
  expect(designEffect(batches)).toBe(1);
});

test('it is never below 1, and finite', () => {
  const batch = fc
    .integer({ min: 0, max: 500 })
    .chain((count) => fc.record({ count: fc.constant(count), marked: fc.integer({ min: 0, max: count }) }));
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 30 }), (batches) => {
      expect(designEffect(batches)).toBeGreaterThanOrEqual(1);
      expect(designEffect(batches)).toBeLessThan(Number.POSITIVE_INFINITY);
    }),
  );
});
