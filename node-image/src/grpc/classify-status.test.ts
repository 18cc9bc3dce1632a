import { expect, test } from 'vitest';
import { classifyStatus } from './classify-status.ts';

const QUIET = { ended: false, reset: false };
const REFUSED = 'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ';

test.each([
  ['DEADLINE_EXCEEDED', 'Deadline exceeded after 0.1s', QUIET, 'timeout'],
  ['NOT_FOUND', 'no such item', QUIET, 'status'],
  ['INTERNAL', 'a bug', QUIET, 'status'],
  ['INTERNAL', 'Received RST_STREAM with code 1', QUIET, 'protocol'],
  // The server's own, not one that the library made up.
  ['UNAVAILABLE', 'shutting down', { ended: true, reset: false }, 'status'],
  ['UNAVAILABLE', REFUSED, { ended: true, reset: false }, 'refused'],
  ['UNAVAILABLE', 'read ECONNRESET', QUIET, 'reset'],
  ['UNAVAILABLE', 'Name resolution failed for target dns:nowhere.invalid:1', QUIET, 'dns'],
  ['UNAVAILABLE', 'Connection dropped', { ended: false, reset: true }, 'reset'],
  ['UNAVAILABLE', 'Connection dropped', { ended: true, reset: false }, 'eof'],
  ['UNAVAILABLE', 'No connection established. Last error: Failed to connect', QUIET, 'eof'],
] as const)('%s (%s) is one of its class', (status, details, conduct, failure) => {
  expect(classifyStatus({ status, details, conduct })).toBe(failure);
});

test('a connection that failed by its certificate is told from one that was closed', () => {
  const details = 'No connection established. Last error: Error: self-signed certificate. Resolution note: ';
  const setUpError = Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(classifyStatus({ status: 'UNAVAILABLE', details, conduct: QUIET, setUpError })).toBe('tls');
});
