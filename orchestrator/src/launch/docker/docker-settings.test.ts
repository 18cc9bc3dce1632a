import { expect, test } from 'vitest';
import { parseMemory } from './docker-settings.ts';

test.each([
  ['1024', 1024],
  ['512m', 512 * 1024 ** 2],
  ['1.5G', 1.5 * 1024 ** 3],
  ['64MiB', 64 * 1024 ** 2],
  ['2 gb', 2 * 1024 ** 3],
  ['', undefined],
  ['m', undefined],
  ['5x', undefined],
  ['-1m', undefined],
])('%s is %s bytes', (text, bytes) => {
  expect(parseMemory(text)).toBe(bytes);
});
