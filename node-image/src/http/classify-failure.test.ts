import { errors } from 'undici';
import { expect, test } from 'vitest';
import { classifyFailure, codeOf } from './classify-failure.ts';

const QUIET = { ended: false, reset: false };
const FIN = { ended: true, reset: false };
const RST = { ended: true, reset: true };

test.each([
  ['ECONNREFUSED', QUIET, 'refused'],
  ['ECONNRESET', QUIET, 'reset'],
  ['EPIPE', QUIET, 'reset'],
  ['ETIMEDOUT', QUIET, 'timeout'],
  ['ENOTFOUND', QUIET, 'dns'],
  ['EAI_AGAIN', QUIET, 'dns'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', QUIET, 'tls'],
  ['CERT_HAS_EXPIRED', QUIET, 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', QUIET, 'tls'],
  // The same code for three things that a peer can do.
  ['UND_ERR_SOCKET', FIN, 'eof'],
  ['UND_ERR_SOCKET', RST, 'reset'],
  ['UND_ERR_SOCKET', QUIET, 'protocol'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', FIN, 'eof'],
  // A proxy that was asked for a tunnel. Only SOCKS5 says that the server is closed.
  ['ERR_SOCKS_REPLY_5', QUIET, 'refused'],
  ['ERR_SOCKS_REPLY_4', QUIET, 'other'],
  ['ERR_CONNECT_STATUS_502', QUIET, 'other'],
  ['ERR_TUNNEL_ENDED', FIN, 'other'],
  // The generator's fault, not the service's.
  ['EMFILE', QUIET, 'other'],
  ['EADDRNOTAVAIL', QUIET, 'other'],
])('%s with %o is %s', (code, peer, expected) => {
  expect(classifyFailure(Object.assign(new Error('x'), { code }), peer)).toBe(expected);
});

test.each([
  [FIN, 'eof'],
  [RST, 'reset'],
  [QUIET, 'protocol'],
])('an error of the parser with %o is %s', (peer, expected) => {
  expect(classifyFailure(new errors.HTTPParserError('x'), peer)).toBe(expected);
});

test('the code of a failure at all addresses is that of the first', () => {
  const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
  expect(codeOf(new AggregateError([refused, new Error('y')]))).toBe('ECONNREFUSED');
});

test.each([undefined, null, 'text', new Error('x'), { code: 7 }])('%s has no code', (error) => {
  expect(codeOf(error)).toBe('');
  expect(classifyFailure(error, QUIET)).toBe('other');
});
