import { expect, test } from 'vitest';
import { exitCodeOf } from './exit-code.ts';

test.each([
  [0, 0],
  [3, 3],
  ['SIGKILL', 137],
  ['SIGTERM', 143],
  [Object.assign(new Error('spawn x ENOENT'), { code: 'ENOENT' }), 127],
  [Object.assign(new Error('spawn x EACCES'), { code: 'EACCES' }), 126],
] as const)('%o is %d', (end, code) => {
  expect(exitCodeOf(end)).toBe(code);
});
