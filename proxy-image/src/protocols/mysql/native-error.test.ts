import { expect, test } from 'vitest';
import { checkCode, serverError } from './error-code.ts';
import { errorAnswer, rollsBack } from './native-error.ts';
import { errPacket, upTo } from './packets.ts';
import { SERVER_ERRORS } from './server-errors.ts';

const ID = 'error-7';

function answer(code: string | number | undefined, message?: string): { head: string; text: string } {
  const { error, text } = errorAnswer({ id: ID, code, message });
  const bytes = errPacket(1, error, text);
  expect(bytes.readUIntLE(0, 3)).toBe(bytes.length - 4);
  return { head: bytes.toString('latin1', 4, 13), text: bytes.toString('utf8', 13) };
}

test.each<[string | number | undefined, number, string]>([
  [undefined, 1205, 'HY000'],
  [1205, 1205, 'HY000'],
  [1040, 1040, '08004'],
  [1045, 1045, '28000'],
  [1062, 1062, '23000'],
  [1213, 1213, '40001'],
  ['1213', 1213, '40001'],
  ['ER_LOCK_DEADLOCK', 1213, '40001'],
  [1317, 1317, '70100'],
  [3819, 3819, 'HY000'],
  [65535, 65535, 'HY000'],
  // Checked before; a wrong one is the default.
  [2006, 1205, 'HY000'],
])('the code %s is error %i (%s)', (code, number, sqlState) => {
  const { head, text } = answer(code);
  expect(head).toBe(`\xff${String.fromCharCode(number & 0xff, number >> 8)}#${sqlState}`);
  expect(text).toContain(`(vaurien fault ${ID})`);
});

test.each([999, 0, -1, 65536, 1213.5, 2006, 2999, 5000, 'HY000', '40001', 'LOADING', '', '1e4'])(
  'the code %s is refused',
  (code) => {
    expect(checkCode(code)).toMatch(/MySQL|SQLSTATE/);
  },
);

test('codes are accepted by number and by name', () => {
  for (const code of [1000, 1999, 3000, 4999, 6000, '1205', 'ER_DUP_ENTRY']) expect(checkCode(code)).toBeUndefined();
  expect(checkCode(40001)).toBe('40001 is an SQLSTATE: give the number of an error, such as 1213');
});

test('known errors are listed once', () => {
  expect(new Set(SERVER_ERRORS.map(({ code }) => code)).size).toBe(SERVER_ERRORS.length);
  for (const error of SERVER_ERRORS) {
    expect(error.sqlState).toMatch(/^[0-9A-Z]{5}$/);
    expect(serverError(error.name)).toBe(error);
    expect(checkCode(error.code)).toBeUndefined();
  }
});

test('the text is the user’s, and always has the id', () => {
  expect(answer(1205, 'chaos {id} $& {id}').text).toBe(`chaos ${ID} $& ${ID}`);
  expect(answer(1205, 'chaos').text).toBe(`chaos (vaurien fault ${ID})`);
  for (const message of ['é'.repeat(600), `${'é'.repeat(600)}{id}`, '{id}'.repeat(300)]) {
    const { text } = answer(1205, message);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(512);
    expect(text).toContain(ID);
    expect(text).not.toContain('\ufffd');
  }
});

test('text is cut between characters', () => {
  expect(upTo('aé€', 6).toString()).toBe('aé€');
  expect(upTo('aé€', 5).toString()).toBe('aé');
  expect(upTo('aé€', 2).toString()).toBe('a');
  expect(upTo('é', 1).toString()).toBe('');
});

test('only errors of class 40 roll the transaction back', () => {
  expect(SERVER_ERRORS.filter(rollsBack).map(({ code }) => code)).toEqual([1213, 3101]);
});
