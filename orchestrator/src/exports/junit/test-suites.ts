import { type CheckRow, EXIT, type Summary, type ThresholdResult } from '@loads/core';
import { formatCount, formatRatio, plural } from '../../console/format.ts';
import { measuredText, thresholdOf } from '../../console/measured-text.ts';
import type { Judging } from '../../store/run-folder.ts';

/** What came of a test case; nothing when it passed. An `error` is one of the measurement, a `failure` one of the service. */
export type CaseProblem = {
  readonly kind: 'failure' | 'error' | 'skipped';
  readonly message: string;
  readonly text?: string | undefined;
};

export type TestCase = {
  readonly name: string;
  readonly problem?: CaseProblem | undefined;
  /** What was measured. */
  readonly output?: string | undefined;
};

export type TestSuite = { readonly name: string; readonly cases: readonly TestCase[] };

/**
 * A run as test suites: whether it can be judged, its thresholds, its checks. Some test case is in error or has failed
 * exactly when the exit code of the run is not 0.
 */
export function testSuites(summary: Summary, judging: Judging): readonly TestSuite[] {
  const { thresholds, checks } = summary;
  const skipped = notJudged(summary);
  return [
    { name: 'validity', cases: validityCases(summary, judging) },
    { name: 'thresholds', cases: thresholds.map((one) => thresholdCase(one, skipped)) },
    { name: 'checks', cases: checks.map((one) => checkCase(one, crossedOn(summary, one), skipped)) },
  ].filter(({ cases }) => cases.length > 0);
}

function validityCases(summary: Summary, { failAt }: Judging): readonly TestCase[] {
  const { outcome, exitCode, reasons, tolerated, warnings = [] } = summary;
  const text = reasons.join('\n');
  const [first = 'the run is not judged'] = reasons;
  const error: CaseProblem = { kind: 'error', message: first, text };
  const notes = [...tolerated.map((one) => `tolerated: ${one}`), ...warnings.map((one) => `note: ${one}`)];
  const enough: readonly TestCase[] =
    failAt === undefined && exitCode !== EXIT.scenarioFailed
      ? []
      : [
          {
            name: `fewer than ${plural(failAt ?? 1, 'failed iteration')}`,
            problem: exitCode === EXIT.scenarioFailed ? { kind: 'failure', message: first, text } : notJudged(summary),
          },
        ];
  return [
    {
      name: 'the measurement can be trusted',
      problem: outcome === 'invalid' ? error : undefined,
      output: notes.length > 0 ? notes.join('\n') : undefined,
    },
    { name: 'the run came to its end', problem: outcome === 'stopped' ? error : undefined },
    ...enough,
  ];
}

/** Why nothing of a run counts, when nothing does. */
function notJudged({ outcome }: Summary): CaseProblem | undefined {
  if (outcome !== 'invalid' && outcome !== 'stopped') return undefined;
  const why = outcome === 'invalid' ? 'is invalid' : 'was stopped';
  return { kind: 'skipped', message: `not judged: the run ${why}` };
}

function thresholdCase(one: ThresholdResult, skipped: CaseProblem | undefined): TestCase {
  const name = `${one.metric}: ${one.expression}`;
  const measured = measuredText(one);
  const output = measured === '' ? undefined : measured;
  if (skipped) return { name, problem: skipped, output };
  if (one.ok) return { name, output };
  return { name, problem: { kind: 'failure', message: `${name} does not hold: ${measured}` }, output };
}

/** A check fails with a threshold that is about it: that it did not hold now and then is, alone, no failure of the run. */
function checkCase({ name, ok, failed }: CheckRow, crossed: boolean, skipped: CaseProblem | undefined): TestCase {
  const output = `held ${formatRatio(ok / (ok + failed || 1))}: ${formatCount(ok)} of ${formatCount(ok + failed)}`;
  if (skipped) return { name, problem: skipped, output };
  if (failed === 0 || !crossed) return { name, output };
  return { name, problem: { kind: 'failure', message: output }, output };
}

function crossedOn({ thresholds }: Summary, { name }: CheckRow): boolean {
  return thresholds.some((result) => {
    const threshold = result.ok ? undefined : thresholdOf(result);
    return threshold?.metric === 'checks' && [undefined, name].includes(threshold.tags.check);
  });
}
