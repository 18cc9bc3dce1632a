import { expect, test } from 'vitest';
import { type Evidence, verdict } from './verdict.ts';

const GOOD: Evidence = {
  thresholds: [{ metric: 'http_reqs', expression: 'count>1', ok: true, actual: 5 }],
  invalid: [],
  failedIterations: 3,
  stopped: false,
};
const ABORTED = { metric: 'http_reqs', expression: 'count>9', ok: false, actual: 7 };
const CROSSED = [{ metric: 'http_reqs', expression: 'count>9', ok: false, actual: 5 }];

test.each<[string, Partial<Evidence>, string, number, string | undefined]>([
  ['all holds', {}, 'passed', 0, undefined],
  [
    'a threshold is crossed',
    { thresholds: CROSSED },
    'failed',
    99,
    'threshold http_reqs: count>9 does not hold: it is 5',
  ],
  [
    'a count is told in full',
    { thresholds: [{ metric: 'http_reqs', expression: 'count==100000', ok: false, actual: 100_001 }] },
    'failed',
    99,
    'threshold http_reqs: count==100000 does not hold: it is 100001',
  ],
  [
    'a figure with many decimals is told in short',
    { thresholds: [{ metric: 'checks', expression: 'rate>0.9', ok: false, actual: 2 / 3 }] },
    'failed',
    99,
    'threshold checks: rate>0.9 does not hold: it is 0.66667',
  ],
  [
    'there was nothing to measure',
    { thresholds: [{ metric: 'orders', expression: 'count>1', ok: false, reason: 'no samples' }] },
    'failed',
    99,
    'threshold orders: count>1 does not hold: no samples',
  ],
  [
    'a threshold is crossed that compares two parts of the run',
    { thresholds: [{ metric: 'x', expression: 'max{a:1} < 2 * max{a:2}', ok: false, actual: 5, limit: 4.2 }] },
    'failed',
    99,
    'threshold x: max{a:1} < 2 * max{a:2} does not hold: it is 5, and the limit 4.2',
  ],
  [
    'a threshold ended the run',
    { thresholds: CROSSED, aborted: { ...ABORTED, atMs: 12_500 } },
    'failed',
    99,
    'threshold http_reqs: count>9 ended the run after 12.5s: it was 7',
  ],
  ['fewer failed than --fail', { failAt: 4 }, 'passed', 0, undefined],
  ['one failed, and one is enough', { failAt: 1, failedIterations: 1 }, 'failed', 97, '1 iteration failed'],
  ['as many failed as --fail', { failAt: 3 }, 'failed', 97, '3 iterations failed (--fail 3)'],
  [
    'errors outside of iterations count with them',
    { failAt: 5, outside: 2 },
    'failed',
    97,
    '3 iterations failed, 2 errors came outside of an iteration (--fail 5)',
  ],
  [
    'one such error is enough',
    { failAt: 1, failedIterations: 0, outside: 1 },
    'failed',
    97,
    '1 error came outside of an iteration',
  ],
  ['such errors fail nothing unasked', { outside: 9 }, 'passed', 0, undefined],
  [
    'invalid wins over a threshold',
    { thresholds: CROSSED, invalid: ['node 2 was lost'] },
    'invalid',
    98,
    'node 2 was lost',
  ],
  [
    'stopped wins over all',
    { thresholds: CROSSED, invalid: ['x'], stopped: true },
    'stopped',
    105,
    'stopped by the user',
  ],
])('%s', (_, change, outcome, exitCode, reason) => {
  const judged = verdict({ ...GOOD, ...change });
  expect(judged).toMatchObject({ outcome, exitCode });
  expect(judged.reasons[0]).toBe(reason);
});

test('what ended a run is told once', () => {
  const { reasons } = verdict({ ...GOOD, thresholds: CROSSED, aborted: { ...ABORTED, atMs: 12_500 } });
  expect(reasons).toHaveLength(1);
});
