import { expect, test } from 'vitest';
import { loadOverrides } from './load-flags.ts';

test('a weight belongs to the name before its last equals sign', () => {
  expect(loadOverrides({ weight: ['read=3', 'a = b > holds=0.5', 'c=many'] })).toEqual([
    { path: ['weights', 'read'], value: 3, origin: '--weight' },
    { path: ['weights', 'a = b > holds'], value: 0.5, origin: '--weight' },
    // The schema says what is wrong with it.
    { path: ['weights', 'c'], value: 'many', origin: '--weight' },
  ]);
  expect(() => loadOverrides({ weight: ['read'] })).toThrow("--weight 'read' is no name=number");
});
