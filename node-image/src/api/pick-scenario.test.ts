import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scenarioPicker } from './pick-scenario.ts';
import type { RegisteredScenario } from './registry.ts';

function weighted(...weights: readonly number[]): readonly RegisteredScenario[] {
  return weights.map((weight, i) => ({ name: `s${i}`, weight, run: () => undefined }));
}

test.each([
  [0, 's0'],
  [0.09, 's0'],
  [0.1, 's2'],
  [0.99, 's2'],
  [1 - Number.EPSILON, 's2'],
])('of the weights 1, 0 and 9 the draw %d falls on %s', (draw, name) => {
  expect(scenarioPicker(weighted(1, 0, 9))(draw).name).toBe(name);
});

test('when rounding leaves a draw beyond all shares, it falls on the last that has one', () => {
  const shares = Array.from({ length: 7 }, () => 1);
  expect(shares.reduce((sum) => sum + 1 / 7, 0)).toBeLessThan(1 - Number.EPSILON / 2);
  expect(scenarioPicker(weighted(...shares, 0))(1 - Number.EPSILON / 2).name).toBe('s6');
});

const weight = fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1000, noNaN: true }));
const weights = fc.array(weight, { minLength: 1, maxLength: 8 }).filter((list) => list.some((one) => one > 0));

test('every draw picks one, and never one of weight 0', () => {
  fc.assert(
    fc.property(weights, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (list, draw) => {
      expect(scenarioPicker(weighted(...list))(draw).weight).toBeGreaterThan(0);
    }),
  );
});

test('the shares converge to the weights', () => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 2000 }), (list, draws) => {
      const pick = scenarioPicker(weighted(...list));
      const counts = new Map<string, number>();
      for (let i = 0; i < draws; i++) {
        // Draws that are spread evenly: chance would only blur it.
        const { name } = pick((i + 0.5) / draws);
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      const total = list.reduce((sum, one) => sum + one, 0);
      for (const [i, one] of list.entries()) {
        expect(Math.abs((counts.get(`s${i}`) ?? 0) / draws - one / total)).toBeLessThanOrEqual(1 / draws + 1e-9);
      }
    }),
  );
});

test('weights count by their ratio alone', () => {
  fc.assert(
    fc.property(weights, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (list, draw) => {
      const doubled = list.map((one) => 2 * one);
      expect(scenarioPicker(weighted(...doubled))(draw).name).toBe(scenarioPicker(weighted(...list))(draw).name);
    }),
  );
});
