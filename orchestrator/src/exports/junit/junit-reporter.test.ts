import { EXIT, type Outcome, type Summary, type ThresholdResult, verdict } from '@loads/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storedRun } from '../stored-run.test.fixture.ts';
import { junitReporter } from './junit-reporter.ts';
import { type TestCase, testSuites } from './test-suites.ts';

test('a failed run as test cases', async () => {
  const record = { labels: { version: '2' }, judging: { tolerateLostNodes: true } };
  await expect(junitReporter.report(storedRun({}, record))).toMatchFileSnapshot('junit-reporter.test.golden.xml');
});

/** A verdict of core's with all that can lead to it. */
const evidence = fc.record({
  thresholds: fc.array(
    fc.record({
      metric: fc.constantFrom('http_reqs', 'checks', 'checks{check:a}', 'checks{check:b}'),
      expression: fc.constant('count>1'),
      ok: fc.boolean(),
      actual: fc.option(fc.nat(9), { nil: undefined }),
    }),
    { maxLength: 4 },
  ),
  invalid: fc.array(fc.constant('node 1: 2 samples were lost'), { maxLength: 2 }),
  setupFailed: fc.array(fc.constant('the setup threw'), { maxLength: 1 }),
  failedIterations: fc.nat(3),
  failAt: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  stopped: fc.boolean(),
});
const checks = fc.array(fc.record({ name: fc.constantFrom('a', 'b'), ok: fc.nat(2), failed: fc.nat(2) }), {
  maxLength: 2,
});

test('a test case is in error or has failed exactly when the exit code is not 0', () => {
  fc.assert(
    fc.property(evidence, checks, (given, rows) => {
      const judged = verdict(given);
      const summary = summaryOf({ ...judged, thresholds: given.thresholds, checks: rows });
      const cases = testSuites(summary, { tolerateLostNodes: false, failAt: given.failAt }).flatMap((one) => one.cases);
      const bad = cases.filter(({ problem }) => problem?.kind === 'failure' || problem?.kind === 'error');
      expect(bad.length > 0).toBe(judged.exitCode !== EXIT.passed);
    }),
  );
});

test.each<[Outcome, readonly string[]]>([
  ['invalid', ['error', 'passed', 'skipped', 'skipped', 'skipped']],
  ['stopped', ['passed', 'error', 'skipped', 'skipped', 'skipped']],
  ['failed', ['passed', 'passed', 'failure', 'passed', 'failure']],
])('of a run that is %s nothing is told that it does not mean', (outcome, kinds) => {
  const thresholds: readonly ThresholdResult[] = [
    { metric: 'checks{check:b}', expression: 'rate>0.9', ok: false, actual: 0.5 },
  ];
  const rows = [
    { name: 'a', ok: 1, failed: 1 },
    { name: 'b', ok: 1, failed: 1 },
  ];
  const cases = testSuites(summaryOf({ outcome, exitCode: EXIT.invalid, thresholds, checks: rows }), {
    tolerateLostNodes: false,
  }).flatMap((one): readonly TestCase[] => one.cases);
  expect(cases.map(({ problem }) => problem?.kind ?? 'passed')).toEqual(kinds);
});

function summaryOf(change: Partial<Summary>): Summary {
  return { ...storedRun().summary, tolerated: [], ...change };
}
