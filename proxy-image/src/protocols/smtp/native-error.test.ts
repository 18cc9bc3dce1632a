import { expect, test } from 'vitest';
import type { NativeError } from '../exchange/codec.ts';
import { checkSmtpCode, replyLine } from './native-error.ts';

const ERROR: NativeError = { id: 'f7', code: undefined, message: undefined, draw: 0, atMs: 0 };

test.each([
  [{}, '451 4.3.0 Requested action aborted: local error in processing (fault f7)'],
  [{ code: '452' }, '452 4.3.1 Requested action not taken: insufficient system storage (fault f7)'],
  [{ code: 459 }, '459 4.0.0 Injected error (fault f7)'],
  [{ code: 550, message: 'no {id}' }, '550 5.2.0 no f7'],
  [{ code: 550, message: '5.7.1 greylisted' }, '550 5.7.1 greylisted (fault f7)'],
  [{ message: 'a\r\nQUIT é\0' }, '451 4.3.0 a??QUIT ?? (fault f7)'],
])('%j becomes %j', (change, line) => {
  expect(replyLine({ ...ERROR, ...change }).toString('latin1')).toBe(`${line}\r\n`);
});

test('a reply line is no longer than the protocol allows, and still names the fault', () => {
  const line = replyLine({ ...ERROR, message: 'x'.repeat(2000) });
  expect(line.length).toBe(512);
  expect(line.toString()).toMatch(/ \(fault f7\)\r\n$/);
});

test.each([400, 421, '451', 550, 554])('%s may be chosen', (code) => {
  expect(checkSmtpCode(code)).toBeUndefined();
});

test.each([250, 354, 399, 460, 600, 'LOADING', '', 45, 4510])('%s may not', (code) => {
  expect(checkSmtpCode(code)).toMatch(/400 to 599/);
});
