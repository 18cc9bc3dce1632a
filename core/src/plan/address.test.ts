import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAddress, parseAddress } from './address.ts';

test.each([
  ['127.0.0.1:8080', '127.0.0.1', 8080],
  ['web:80', 'web', 80],
  [' web:80 ', 'web', 80],
  [':9000', '127.0.0.1', 9000],
  ['[::1]:65535', '::1', 65_535],
])('%j is port %3$d of %2$s', (text, host, port) => {
  expect(parseAddress(text)).toEqual({ host, port });
});

test.each([
  '',
  'web',
  '80',
  'web:',
  'web:x',
  'web:65536',
  'web:123456',
  '::1:80',
  '[::1]',
  '[web]:80',
  'a b:80',
  'http://web:80',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test('an address survives being written and read again', () => {
  const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain());
  fc.assert(
    fc.property(host, fc.nat({ max: 65_535 }), (host, port) => {
      expect(parseAddress(formatAddress({ host, port }))).toEqual({ host, port });
    }),
  );
});
