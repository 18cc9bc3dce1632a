import { expect, test } from 'vitest';
import { sanitizeMember, sanitizeName, sanitizeTagKey, sanitizeTagValue } from './sanitize.ts';

test('only characters without a meaning in a line are left', () => {
  const all = 'a:b|c,d#e@f{g}h\n\r\t\0\u007fi';
  expect(sanitizeName(all)).toBe('a_b_c_d_e_f_g_h_____i');
  expect(sanitizeTagKey(all)).toBe('a_b_c_d_e@f{g}h_____i');
  expect(sanitizeTagValue(all)).toBe('a:b_c_d_e@f{g}h_____i');
  expect(sanitizeMember(all)).toBe('a:b_c,d#e@f{g}h_____i');
});

test('what may not be empty is not', () => {
  expect([sanitizeName(''), sanitizeTagKey(''), sanitizeTagValue(''), sanitizeMember('')]).toEqual(['_', '_', '', '_']);
});

test('a name is cut after 255 characters, and never in the middle of one', () => {
  expect(sanitizeName('n'.repeat(300))).toHaveLength(255);
  expect(sanitizeName(`${'n'.repeat(254)}😀`)).toBe(`${'n'.repeat(254)}_`);
});

test('text in any script stays', () => {
  expect(sanitizeTagValue('naïve 漢字 😀')).toBe('naïve 漢字 😀');
});

test('half a surrogate pair, which UTF-8 cannot carry, becomes _', () => {
  for (const sanitize of [sanitizeName, sanitizeTagKey, sanitizeTagValue, sanitizeMember]) {
    expect(sanitize('a\ud83db')).toBe('a_b');
  }
});

test('__proto__ is no key', () => {
  expect(sanitizeTagKey('__proto__')).toBe('_proto_');
});
