import type { LevelTally, TrialOutcome } from '@loads/core';
import { expect, test } from 'vitest';
import { painter } from '../console/paint.ts';
import { edgeRow, type SizingReport, saturationOf, type TrialRow } from './sizing-report.ts';
import { sizingText, trialText } from './sizing-text.ts';

const plain = painter(false);

function rowOf(level: number, outcome: TrialOutcome, change: Partial<TrialRow> = {}): TrialRow {
  const failures = { of: 'requests', ratio: outcome === 'broke' ? 0.074 : 0.002 } as const;
  return {
    ...{ level, outcome, run: `run-${level}`, stage: 'ramp', name: `${level} workers`, load: level, iterations: 1000 },
    ...{ iterationRate: level * 10, requestRate: level * 20, p95Ms: level, failures },
    reasons: outcome === 'held' ? [] : ['7.4 % of requests failed'],
    ...change,
  };
}

function reportOf(
  trials: readonly TrialRow[],
  edge: readonly (LevelTally | undefined)[],
  change: Partial<SizingReport> = {},
): SizingReport {
  const [holds, breaks] = edge.map((one) => edgeRow(one, trials));
  return {
    ...{ version: 1, sizing: 's', name: 'shop', nodes: 2, unit: 'workers', ceiling: 500, tolerance: 0.05 },
    ...{ end: 'service', confidence: 0.8789, elapsedMs: 220_400, trials, holds, breaks },
    ...change,
  };
}

const tally = { held: 0, broke: 0, invalid: 0 };

test('the result says the load, how sure it is, the rates and failures on either side, and what it took', () => {
  const crossed = 'threshold http_req_duration: p(95)<50 does not hold: it is 68';
  const trials = [
    rowOf(64, 'held'),
    rowOf(64, 'held', { p95Ms: 38 }),
    rowOf(64, 'broke'),
    rowOf(68, 'broke', { reasons: ['7.4 % of requests failed', crossed] }),
    // The same again, with another figure.
    rowOf(68, 'broke', { reasons: [crossed.replace('is 68', 'is 71.3')] }),
  ];
  const report = reportOf(trials, [
    { ...tally, level: 64, held: 2, broke: 1 },
    { ...tally, level: 68, broke: 2 },
  ]);
  expect(sizingText(report, plain)).toEqual([
    '',
    'sizing: up to 64 workers (confidence 88%)',
    '  holds   64 workers: 2 of 3 trials held, 640/s iterations, 1,280/s requests, p95 64.0ms, 0.2% of requests failed',
    '  breaks  68 workers: 0 of 2 trials held, 680/s iterations, 1,360/s requests, p95 68.0ms, 7.4% of requests failed',
    '          threshold http_req_duration: p(95)<50 does not hold: it is 68',
    '  tolerance 5% of failures; 5 trials in 3m40s, 5,000 iterations',
  ]);
});

test('each way to end has its words', () => {
  const [held] = [[rowOf(64, 'held')]];
  const edge = [{ ...tally, level: 64, held: 1 }, undefined];
  const second = (change: Partial<SizingReport>): string | undefined =>
    sizingText(reportOf(held, edge, change), plain)[1];
  expect(second({ end: 'ceiling' })).toContain('64 workers or more, the highest load that was to be tried');
  expect(second({ end: 'generator' })).toContain('the generator was the limit, not the service');
  expect(second({ end: 'trials' })).toContain('not settled after 1 trial');
  expect(second({ end: 'stopped' })).toContain('not finished, stopped by the user; so far 64 workers held');
  const none = reportOf([rowOf(1, 'broke')], [undefined, { ...tally, level: 1, broke: 1 }]);
  expect(sizingText(none, plain)[1]).toContain('nothing holds, not even 1 workers');
  expect(sizingText(reportOf([], [], { end: 'stopped' }), plain)[1]).toContain('so far nothing held');
});

test('a trial is a line, with what was wrong with it', () => {
  expect(trialText(rowOf(8, 'held'), plain)).toBe(
    '  ramp       8 workers  held     80/s iterations, 160/s requests, p95 8.0ms, 0.2% of requests failed',
  );
  expect(trialText(rowOf(8, 'invalid', { reasons: ['node 1: saturated'] }), plain)).toMatch(
    /invalid .*: node 1: saturated$/,
  );
});

test('workers beyond those that make nearly all of the rate only wait', () => {
  const trials = [8, 16, 32, 64].map((level) => rowOf(level, 'held', { iterationRate: Math.min(160, level * 10) }));
  const edge = [{ ...tally, level: 64, held: 1 }];
  expect(saturationOf(reportOf(trials, edge))?.level).toBe(16);
  expect(saturationOf(reportOf(trials, edge, { unit: 'rate' }))).toBeUndefined();
  const growing = [8, 16, 32, 64].map((level) => rowOf(level, 'held'));
  expect(saturationOf(reportOf(growing, edge))).toBeUndefined();
});
