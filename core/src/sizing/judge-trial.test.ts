import { expect, test } from 'vitest';
import { planOf } from '../plan/plan.test.fixture.ts';
import { summarize } from '../summary/summarize.ts';
import type { Summary } from '../summary/summary.ts';
import { failureShare, isHopeless, judgeTrial } from './judge-trial.ts';

const terms = { tolerance: 0.05, givenUp: false };
const nothing = summarize(planOf(), [], { run: 'r', tolerateLostNodes: false, stopped: false });

/** The summary of a run that passed, with 100 iterations and 100 requests, and the parts that a test is about. */
function summaryOf(change: Partial<Summary> = {}): Summary {
  return {
    ...nothing,
    outcome: 'passed',
    reasons: [],
    iterations: [{ scenario: 'read', ok: 100, failed: 0 }],
    total: { name: 'all requests', ok: 100, ko: 0, rate: 10, phases: {} },
    ...change,
  };
}

test('the worst of iterations, requests and checks is the share of failures', () => {
  const failed = [{ scenario: 'read', ok: 95, failed: 5 }];
  const total = { name: 'all requests', ok: 90, ko: 10, rate: 10, phases: {} };
  expect(failureShare(summaryOf())).toEqual({ of: 'iterations', ratio: 0 });
  expect(failureShare(summaryOf({ iterations: failed }))).toEqual({ of: 'iterations', ratio: 0.05 });
  expect(failureShare(summaryOf({ iterations: failed, total }))).toEqual({ of: 'requests', ratio: 0.1 });
  const checks = [{ name: 'is served', ok: 1, failed: 1 }];
  expect(failureShare(summaryOf({ total, checks }))).toEqual({ of: 'checks', ratio: 0.5 });
  // What was cut or never begun has not succeeded; all of nothing is 1, not a division by zero.
  expect(failureShare(summaryOf({ interrupted: 50, schedule: { dropped: 50 } }))).toEqual({
    of: 'iterations',
    ratio: 0.5,
  });
  expect(failureShare(summaryOf({ iterations: [{ scenario: 'read', ok: 0, failed: 9 }] })).ratio).toBe(1);
});

test('a trial holds up to the tolerance, and breaks above it, by a threshold, or by falling behind', () => {
  const with5 = summaryOf({ iterations: [{ scenario: 'read', ok: 95, failed: 5 }] });
  expect(judgeTrial(with5, terms).outcome).toBe('held');
  expect(judgeTrial(with5, { ...terms, tolerance: 0.04 })).toMatchObject({
    outcome: 'broke',
    reasons: ['5 % of iterations failed'],
  });
  const thresholds = [{ metric: 'http_req_duration', expression: 'p(95)<200', ok: false, actual: 300 }];
  expect(judgeTrial(summaryOf({ outcome: 'failed', thresholds }), terms)).toMatchObject({
    outcome: 'broke',
    reasons: ['threshold http_req_duration: p(95)<200 does not hold: it is 300'],
  });
  expect(judgeTrial(summaryOf(), { ...terms, behind: 0.05 }).outcome).toBe('held');
  expect(judgeTrial(summaryOf(), { ...terms, behind: 0.2 }).outcome).toBe('broke');
});

test('an invalid run says nothing of the service, unless it was given up', () => {
  const invalid = summaryOf({ outcome: 'invalid', reasons: ['node 1: the generator was saturated'] });
  expect(judgeTrial(invalid, terms)).toMatchObject({ outcome: 'invalid', reasons: invalid.reasons });
  expect(judgeTrial(invalid, { ...terms, givenUp: true }).outcome).toBe('broke');
});

test('a trial is given up when it cannot hold any more at this pace, and not for a bad beginning', () => {
  const at = (elapsedMs: number) => ({ tolerance: 0.05, elapsedMs, durationMs: 10_000 });
  const bad = { requests: 1000, failed: 101, iterations: 500, iterationsFailed: 0 };
  // 1000 in 5 s will be 2000 in 10 s, and 5 % of those are 100.
  expect(isHopeless(bad, at(5000))).toBe(true);
  expect(isHopeless({ ...bad, failed: 100 }, at(5000))).toBe(false);
  expect(isHopeless(bad, at(2400))).toBe(false);
  expect(isHopeless({ requests: 19, failed: 19, iterations: 19, iterationsFailed: 19 }, at(9000))).toBe(false);
  expect(isHopeless({ ...bad, failed: 0, iterationsFailed: 60 }, at(5000))).toBe(true);
});
