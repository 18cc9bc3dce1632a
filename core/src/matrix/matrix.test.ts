import { expect, test } from 'vitest';
import { EXIT, type ExitCode } from '../errors/exit-codes.ts';
import { planOf } from '../plan/plan.test.fixture.ts';
import type { WindowRecovery } from '../recovery/window-recovery.ts';
import type { ScheduleEntry } from '../schedule/schedule.ts';
import { summarize } from '../summary/summarize.ts';
import type { RequestFigures, Summary } from '../summary/summary.ts';
import { parseThreshold } from '../thresholds/threshold.ts';
import { matrixPlans } from './matrix-plans.ts';
import { type MatrixRow, matrixRow, matrixVerdict } from './matrix-row.ts';

const delay = { percent: 20, behavior: 'delay', options: { sleep: 300 } };

function entryOf(name: string, atMs: number): ScheduleEntry {
  return { name, proxy: 'db', atMs, forMs: 1000, behaviors: [delay] };
}

test('a matrix has a run without faults, and one with each entry alone, at its own times', () => {
  const remote = {
    name: 'db',
    control: 'http://127.0.0.1:1',
    remoteName: 'db',
    entries: [{ name: 'slow' }, { name: 'down' }],
  };
  const schedule = [entryOf('slow', 1000), entryOf('down', 3000), entryOf('slow', 5000)];
  const plans = matrixPlans(planOf({ schedule, remotes: [remote] }));
  expect(plans.map(({ fault }) => fault)).toEqual([undefined, 'slow', 'down']);
  expect(plans.map(({ plan }) => plan.schedule.map(({ atMs }) => atMs))).toEqual([[], [1000, 5000], [3000]]);
  expect(plans.map(({ plan }) => plan.remotes?.[0]?.entries)).toEqual([[], [{ name: 'slow' }], [{ name: 'down' }]]);
});

test('a threshold counts in the runs that have what it looks at', () => {
  const given = [
    ['http_req_duration', 'p(95)<300'],
    ['http_req_duration{phase:steady}', 'p(95)<300'],
    ['http_req_duration{fault:slow}', 'p(95)<300'],
    ['http_req_failed{phase:recovery}', 'rate<0.01'],
    ['http_req_duration', 'p(95){phase:chaos} < 3 * p(95){phase:steady}'],
    ['recovery_time', 'max<5s'],
    ['recovery_time{fault:down}', 'max<5s'],
  ] as const;
  const thresholds = given.map(([selector, expression]) => parseThreshold(selector, expression));
  const plans = matrixPlans(planOf({ schedule: [entryOf('slow', 0), entryOf('down', 2000)], thresholds }));
  const kept = plans.map(({ plan }) => plan.thresholds.map((one) => thresholds.indexOf(one)));
  expect(kept).toEqual([
    [0, 1],
    [0, 1, 2, 3, 4, 5],
    [0, 1, 3, 4, 5, 6],
  ]);
});

const nothing = summarize(planOf(), [], { run: 'r', tolerateLostNodes: false, stopped: false });

function figures(ok: number, ko: number, p95: number): RequestFigures {
  const duration = { count: ok + ko, min: 1, mean: p95, p50: p95, p90: p95, p95, p99: p95, p999: p95, max: p95 };
  return { ok, ko, rate: 1, duration };
}

function summaryOf(all: RequestFigures, chaos: RequestFigures | undefined, change: Partial<Summary> = {}): Summary {
  const total = { name: 'all requests', ...all, phases: chaos ? { chaos } : {} };
  return { ...nothing, outcome: 'passed', exitCode: EXIT.passed, reasons: [], total, ...change };
}

test('the cost of a fault is what failed beyond the usual share, how much slower it was, and the way back', () => {
  const without = summaryOf(figures(990, 10, 20), undefined);
  const window = { fault: 'slow', proxy: 'db', fromMs: 0, toMs: 1000, stepMs: 1000 };
  const recoveryOf = (...windows: readonly WindowRecovery[]): Pick<Summary, 'recovery'> => {
    return { recovery: [{ fault: 'slow', requests: 100, failed: 60, failedBecause: 59, windows }] };
  };
  const seen = recoveryOf(
    { ...window, effect: 'none', recoveryMs: 100 },
    { ...window, effect: 'degraded', recoveryMs: 2000 },
  );
  const row = matrixRow('slow', summaryOf(figures(940, 60, 90), figures(40, 60, 320), seen), without);
  expect(row).toMatchObject({ fault: 'slow', requests: 1000, failed: 60, p95Ms: 320 });
  expect(row.cost).toEqual({ failed: 50, p95Ms: 300, effect: 'degraded', recoveryMs: 2000 });
  expect(matrixRow(undefined, without)).not.toHaveProperty('cost');
  const never = recoveryOf({ ...window, effect: 'collapsed', reason: 'not recovered' });
  const lost = matrixRow('slow', summaryOf(figures(1, 0, 1), undefined, never), without);
  expect(lost.cost).toEqual({ failed: 0, p95Ms: undefined, effect: 'collapsed', reason: 'not recovered' });
});

test('the verdict over all runs is that of the worst', () => {
  const rowOf = (exitCode: ExitCode): MatrixRow => {
    return {
      ...matrixRow(undefined, summaryOf(figures(1, 0, 1), undefined)),
      exitCode,
      outcome: exitCode === 98 ? 'invalid' : 'failed',
    };
  };
  const passed = matrixRow(undefined, summaryOf(figures(1, 0, 1), undefined));
  expect(matrixVerdict([passed], false)).toEqual({ outcome: 'passed', exitCode: 0 });
  expect(matrixVerdict([passed, rowOf(98), rowOf(99)], false)).toEqual({ outcome: 'failed', exitCode: 99 });
  expect(matrixVerdict([passed, rowOf(98)], false)).toEqual({ outcome: 'invalid', exitCode: 98 });
  expect(matrixVerdict([passed], true)).toEqual({ outcome: 'stopped', exitCode: 105 });
});
