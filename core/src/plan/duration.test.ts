import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationSchema, formatDuration, parseDuration } from './duration.ts';

test.each([
  ['250ms', 250],
  ['10s', 10_000],
  ['1h30m', 5_400_000],
  ['1m30s', 90_000],
  ['0.5s', 500],
  ['60', 60_000],
  [60, 60_000],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', 'soon', '10 parsecs', '-5s', '5s-', 's', '1.5.2s', Number.NaN, -1])('%s is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
  expect(durationSchema.safeParse(text).success).toBe(false);
});

test('whole seconds survive being written and read again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (seconds) => {
      expect(parseDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000);
    }),
  );
});
