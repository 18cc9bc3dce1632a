import { expect, test } from 'vitest';
import { checkCode, execError, nativeError } from './native-error.ts';

const ERROR = { id: 'n1-7', code: undefined, message: undefined, draw: 0, atMs: 0 };

test.each([
  [{}, '-ERR injected by vaurien n1-7\r\n'],
  [{ code: 'LOADING' }, '-LOADING Redis is loading the dataset in memory (vaurien fault n1-7)\r\n'],
  [{ code: 'MYMODULE' }, '-MYMODULE injected by vaurien n1-7\r\n'],
  [{ code: 'MOVED', message: '3999 other:6379' }, '-MOVED 3999 other:6379\r\n'],
  [{ message: '{id}, again {id}\r\n+OK\r\n' }, '-ERR n1-7, again n1-7 +OK \r\n'],
  [{ message: '{id}', id: '$&' }, '-ERR $&\r\n'],
  // Nothing that was not checked gets out.
  [{ code: 503 }, '-ERR injected by vaurien n1-7\r\n'],
  [{ code: 'A\r\n+OK' }, '-ERR injected by vaurien n1-7\r\n'],
])('%j is told as %j', (error, expected) => {
  expect(nativeError({ ...ERROR, ...error }).toString()).toBe(expected);
});

test('EXEC has one code', () => {
  const error = { ...ERROR, code: 'EXECABORT', message: 'x' };
  expect(execError(error).toString()).toBe('-EXECABORT x\r\n');
});

test('a code is an upper-case word', () => {
  expect(['ERR', 'LOADING', 'CROSSSLOT', 'MY_2'].map(checkCode)).toEqual(Array(4).fill(undefined));
  for (const code of [503, 'err', '', 'A B', '-ERR', '9', 'A'.repeat(33)])
    expect(checkCode(code)).toMatch(/upper-case/);
});
