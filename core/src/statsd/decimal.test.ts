import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDecimal } from './decimal.ts';

test.each([
  ['0', 0],
  ['12', 12],
  ['+12.5', 12.5],
  ['-12.5', -12.5],
  ['.5', 0.5],
  ['5.', 5],
  ['1e3', 1000],
  ['1.5E-3', 0.0015],
  ['-0', 0],
])('%s is %d', (text, value) => {
  expect(parseDecimal(text)).toBe(value);
});

test.each([
  '',
  ' ',
  '1 ',
  '1,5',
  '.',
  '+',
  '--1',
  '1e',
  '0x10',
  '1_000',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '1٣',
])('%j is no number', (text) => {
  expect(parseDecimal(text)).toBeNaN();
});

test('reads every finite number as JavaScript writes it', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => parseDecimal(`${value}`) === value),
  );
});

test('reads every text of digits and a point as JavaScript does', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 18 });
  fc.assert(
    fc.property(digits, digits, fc.boolean(), (whole, fraction, point) => {
      const text = point ? `${whole}.${fraction}` : whole + fraction;
      expect(parseDecimal(text)).toBe(whole + fraction === '' ? Number.NaN : Number(text));
    }),
    { numRuns: 2000 },
  );
});
