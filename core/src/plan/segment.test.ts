import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segment } from './segment.ts';

test('all segments together are exactly the whole, without overlap', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.integer({ min: 1, max: 40 }), (total, nodes) => {
      const parts = Array.from({ length: nodes }, (_, i) => segment(total, i + 1, nodes));
      expect(parts.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, i) => i));
      const sizes = parts.map((part) => part.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});
