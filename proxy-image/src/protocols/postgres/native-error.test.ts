import { expect, test } from 'vitest';
import { checkPostgresCode, nativeError } from './native-error.ts';

const ERROR = { id: 'f7', code: undefined, message: undefined, draw: 0, atMs: 0 };

test('the default is a statement timeout that names the fault', () => {
  const { bytes, fatal } = nativeError(ERROR);
  const text = 'canceling statement due to statement timeout (fault f7)';
  expect(bytes.toString('latin1', 5)).toBe(`SERROR\0VERROR\0C57014\0M${text}\0\0`);
  expect(bytes.readUInt32BE(1)).toBe(bytes.length - 1);
  expect(fatal).toBe(false);
});

test('the text is the user’s, and the id stands in it or beside it', () => {
  const [named, silent] = ['no {id}\0!', 'no'].map((message) => nativeError({ ...ERROR, code: '40001', message }));
  expect(named?.bytes.toString('latin1', 5)).toBe('SERROR\0VERROR\0C40001\0Mno f7 !\0\0');
  expect(silent?.bytes.toString('latin1', 5)).toBe('SERROR\0VERROR\0C40001\0Mno\0Dfault f7\0\0');
});

test.each(['57P01', '08006', 8006, '28P01', '25P03'])('%s ends the session', (code) => {
  const { bytes, fatal } = nativeError({ ...ERROR, code });
  expect(bytes.toString('latin1', 5)).toMatch(/^SFATAL\0VFATAL\0C(57P01|08006|28P01|25P03)\0/);
  expect(fatal).toBe(true);
});

test.each(['57014', 57014, 40001, 'XX000', '40P01', 8006])('%s may be chosen', (code) => {
  expect(checkPostgresCode(code)).toBeUndefined();
});

test.each(['', '503', 'loading', '4000!', '00000', '01000', 2000, 503_000])('%s may not', (code) => {
  expect(checkPostgresCode(code)).toMatch(/SQLSTATE/);
});
