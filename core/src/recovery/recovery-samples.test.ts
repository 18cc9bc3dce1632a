import { expect, test } from 'vitest';
import { evaluate } from '../thresholds/evaluate.ts';
import { parseThreshold } from '../thresholds/threshold.ts';
import type { FaultRecovery } from './recovery.ts';
import { recoveryObstacle, recoverySeries } from './recovery-samples.ts';
import type { WindowRecovery } from './window-recovery.ts';

function row(fault: string, ...times: readonly (number | undefined)[]): FaultRecovery {
  const windows = times.map((recoveryMs): WindowRecovery => {
    const state = recoveryMs === undefined ? { reason: 'not recovered when the load ended' } : { recoveryMs };
    return { fault, proxy: 'db', fromMs: 0, toMs: 1, effect: 'degraded', detectionMs: 1000, stepMs: 1000, ...state };
  });
  return { fault, windows, requests: 1, failed: 1, failedBecause: 1 };
}

function judged(rows: readonly FaultRecovery[], selector: string, expression: string): ReturnType<typeof evaluate> {
  return evaluate(parseThreshold(selector, expression), {
    series: () => recoverySeries(rows),
    durationMs: () => 1,
    obstacle: (metric, tags) => recoveryObstacle(rows, metric, tags),
  });
}

const ROWS = [row('slow', 2000, 4000), row('dead', 1000, undefined)];

test.each([
  ['recovery_time{fault:slow}', 'max<5s', { ok: true, actual: 4000 }],
  ['recovery_time{fault:slow}', 'max<4s', { ok: false, actual: 4000 }],
  ['recovery_time{fault:slow}', 'avg<=3s', { ok: true, actual: 3000 }],
  ['recovery_time{fault:dead}', 'max<1h', { ok: false, reason: 'fault dead: not recovered when the load ended' }],
  ['recovery_time', 'max<1h', { ok: false, reason: 'fault dead: not recovered when the load ended' }],
  ['detection_time{fault:dead}', 'max<=1s', { ok: true, actual: 1000 }],
  ['recovery_time{fault:none}', 'max<1h', { ok: false, reason: 'no samples' }],
])('%s: %s', (selector, expression, wanted) => {
  expect(judged(ROWS, selector, expression)).toMatchObject(wanted);
});
