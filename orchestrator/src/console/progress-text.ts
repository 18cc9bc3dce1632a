import { formatDuration, type RunPlan } from '@loads/core';
import type { Progress } from '../run/running-run.ts';
import { formatCount, formatMs, formatRate, formatRatio, plural } from './format.ts';
import type { Paint } from './paint.ts';

const BAR_WIDTH = 30;

/** Rates come from two readings of the totals; both in the units of `Progress`. */
export type ProgressView = { readonly now: Progress; readonly rate: number };

/** The screen of a run on a terminal, line by line. */
export function progressScreen(plan: RunPlan, { now, rate }: ProgressView, paint: Paint): readonly string[] {
  const { elapsedMs, totals } = now;
  const header = [
    plan.name,
    plural(now.nodesRunning, 'node'),
    plural(plan.workers, 'worker'),
    `seed ${plan.seed}`,
  ].join(' · ');
  const lines = [paint.strong(header), `${progressBar(plan, elapsedMs, paint)}  ${timeOf(plan, elapsedMs)}`];
  if (!totals) return [...lines, paint.faint('waiting for the first figures')];
  const ratio = totals.requests > 0 ? totals.failed / totals.requests : 0;
  const failed = `${formatCount(totals.failed)} failed (${formatRatio(ratio)})`;
  lines.push(
    [
      formatRate(rate),
      totals.requests > 0 ? `${formatCount(totals.requests)} requests` : `${formatCount(totals.samples)} samples`,
      totals.failed > 0 ? paint.bad(failed) : failed,
      `p95 ${p95Of(now)}`,
    ].join('   '),
  );
  const active = totals.activeFaults.length > 0 ? paint.warn(totals.activeFaults.join(', ')) : 'none';
  lines.push(`faults active: ${active}   injected: ${formatCount(totals.faults)}`);
  return lines;
}

/** The same for a log: one line. */
export function progressLine(plan: RunPlan, { now, rate }: ProgressView): string {
  const { totals, elapsedMs } = now;
  if (!totals) return `${timeOf(plan, elapsedMs)}  waiting for the first figures`;
  const ratio = totals.requests > 0 ? totals.failed / totals.requests : 0;
  const faults = totals.activeFaults.length > 0 ? totals.activeFaults.join(', ') : 'none';
  return `${timeOf(plan, elapsedMs)}  ${formatRate(rate)}  ${formatRatio(ratio)} failed  p95 ${p95Of(now)}  faults: ${faults}`;
}

/** Requests, or where there are none samples, of the totals. */
export function volumeOf({ totals }: Progress): number {
  return totals === undefined ? 0 : totals.requests > 0 ? totals.requests : totals.samples;
}

function progressBar(plan: RunPlan, elapsedMs: number, paint: Paint): string {
  if (plan.durationMs === null) return paint.faint('running until the command ends');
  const done = Math.round(Math.min(1, elapsedMs / plan.durationMs) * BAR_WIDTH);
  return `${paint.good('█'.repeat(done))}${paint.faint('░'.repeat(BAR_WIDTH - done))}`;
}

function timeOf(plan: RunPlan, elapsedMs: number): string {
  const seconds = `${(elapsedMs / 1000).toFixed(1)}s`;
  if (plan.durationMs === null) return seconds;
  if (elapsedMs > plan.durationMs) return `${formatDuration(plan.durationMs)} done, waiting for the last iterations`;
  return `${seconds} / ${formatDuration(plan.durationMs)}`;
}

function p95Of({ totals }: Progress): string {
  const p95 = totals?.durations.quantile(0.95);
  return p95 === undefined ? '-' : formatMs(p95);
}
