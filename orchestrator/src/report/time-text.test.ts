import { expect, test } from 'vitest';
import { clockText } from './time-text.ts';

test.each([
  [0, '0:00'],
  [5.04, '0:05'],
  [9.96, '0:10'],
  [14.9, '0:14.9'],
  [65, '1:05'],
  [3599.99, '1:00:00'],
  [3723.5, '1:02:03.5'],
])('%d s is %s', (seconds, text) => {
  expect(clockText(seconds)).toBe(text);
});
