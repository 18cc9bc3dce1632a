import { expect, test } from 'vitest';
import { binaryError, checkCode, textError } from './native-error.ts';

const ERROR = { id: 'n1-7', code: undefined, message: undefined, draw: 0, atMs: 0 };

test.each([
  [{}, 'SERVER_ERROR injected by vaurien n1-7\r\n', 0x84],
  [{ code: 'SERVER_ERROR' }, 'SERVER_ERROR injected by vaurien n1-7\r\n', 0x84],
  [{ code: 'CLIENT_ERROR' }, 'CLIENT_ERROR injected by vaurien n1-7\r\n', 0x04],
  [{ code: 'ERROR' }, 'ERROR injected by vaurien n1-7\r\n', 0x81],
  [{ code: 0x85 }, 'SERVER_ERROR injected by vaurien n1-7\r\n', 0x85],
  [{ code: 0x81 }, 'ERROR injected by vaurien n1-7\r\n', 0x81],
  [{ code: 3 }, 'CLIENT_ERROR injected by vaurien n1-7\r\n', 3],
  [{ message: 'out of memory\r\nSTORED ({id})' }, 'SERVER_ERROR out of memory STORED (n1-7)\r\n', 0x84],
  // Nothing that was not checked gets out.
  [{ code: 'STORED' }, 'SERVER_ERROR injected by vaurien n1-7\r\n', 0x84],
  [{ code: 0 }, 'SERVER_ERROR injected by vaurien n1-7\r\n', 0x84],
  [{ code: 70_000 }, 'SERVER_ERROR injected by vaurien n1-7\r\n', 0x84],
])('%j is told as %j, or with status %i', (error, line, status) => {
  expect(textError({ ...ERROR, ...error }).toString()).toBe(line);
  expect(binaryError({ opcode: 0, opaque: 0 }, { ...ERROR, ...error }).readUInt16BE(6)).toBe(status);
});

test('a code is a word of the text protocol or a status of the binary one', () => {
  expect(['ERROR', 'CLIENT_ERROR', 1, 0x86, 0xffff].map(checkCode)).toEqual(Array(5).fill(undefined));
  for (const code of ['error', 'STORED', 'toString', '', 0, -1, 1.5, 0x10000])
    expect(checkCode(code)).toMatch(/status/);
});
