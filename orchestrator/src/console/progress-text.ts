import { formatDuration, type LiveTotals, type RunPlan } from '@loads/core';
import type { Progress } from '../run/running-run.ts';
import { formatCount, formatMs, formatRate, formatRatio, plural } from './format.ts';
import type { Paint } from './paint.ts';

const WIDEST_BAR = 40;
const NARROWEST_BAR = 10;
const GAP = '   ';

/** Rates come from two readings of the totals; both in the units of `Progress`. */
export type ProgressView = { readonly now: Progress; readonly rate: number };

/** The screen of a run on a terminal of so many columns, line by line; what matters least stands at the right. */
export function progressScreen(
  plan: RunPlan,
  { now, rate }: ProgressView,
  paint: Paint,
  columns: number,
): readonly string[] {
  const { elapsedMs, totals, nodesRunning } = now;
  const time = timeOf(plan, elapsedMs);
  const all = nodesRunning === plan.nodes;
  const nodes = all ? plural(plan.nodes, 'node') : `${nodesRunning} of ${plural(plan.nodes, 'node')}`;
  const room = columns - time.length - nodes.length - 2 * GAP.length;
  const bar = progressBar(plan, elapsedMs, room, paint);
  const first = [...bar, time, all ? nodes : paint.warn(nodes)].join(GAP);
  if (!totals) return [first, paint.faint('waiting for the first figures')];
  const lines = [first, figures(totals, rate, paint)];
  return plan.proxies.length > 0 ? [...lines, faults(totals, paint)] : lines;
}

/** The same for a log: one line. */
export function progressLine(plan: RunPlan, { now, rate }: ProgressView): string {
  const { totals, elapsedMs } = now;
  const time = timeOf(plan, elapsedMs);
  if (!totals) return `${time}  waiting for the first figures`;
  const active = totals.activeFaults.length > 0 ? totals.activeFaults.join(', ') : 'none';
  const parts = [time, formatRate(rate), `${formatRatio(failedRatio(totals))} failed`, `p95 ${p95Of(totals)}`];
  if (plan.proxies.length > 0) parts.push(`faults: ${active}`);
  return parts.join('  ');
}

/** Requests, or where there are none samples, of the totals. */
export function volumeOf({ totals }: Progress): number {
  return totals === undefined ? 0 : totals.requests > 0 ? totals.requests : totals.samples;
}

function figures(totals: LiveTotals, rate: number, paint: Paint): string {
  const { requests, failed, iterationsFailed, samples } = totals;
  const failures = `${formatCount(failed)} failed (${formatRatio(failedRatio(totals))})`;
  const parts = [formatRate(rate)];
  if (requests > 0) parts.push(`p95 ${p95Of(totals)}`, failed > 0 ? paint.bad(failures) : failures);
  if (iterationsFailed > 0) parts.push(paint.bad(`${plural(iterationsFailed, 'iteration')} failed`));
  parts.push(requests > 0 ? plural(requests, 'request') : plural(samples, 'sample'));
  return parts.join(GAP);
}

function faults({ activeFaults, faults: injected }: LiveTotals, paint: Paint): string {
  const active = activeFaults.length > 0 ? paint.warn(activeFaults.join(', ')) : 'none';
  return `faults active: ${active}${GAP}${formatCount(injected)} injected`;
}

function progressBar(plan: RunPlan, elapsedMs: number, room: number, paint: Paint): readonly string[] {
  if (plan.durationMs === null) return [paint.faint('running until the command ends')];
  if (room < NARROWEST_BAR) return [];
  const width = Math.min(WIDEST_BAR, room);
  const done = Math.floor(Math.min(1, elapsedMs / plan.durationMs) * width);
  return [`${paint.good('█'.repeat(done))}${paint.faint('░'.repeat(width - done))}`];
}

function timeOf(plan: RunPlan, elapsedMs: number): string {
  if (plan.durationMs === null) return clock(elapsedMs);
  if (elapsedMs >= plan.durationMs) return `${formatDuration(plan.durationMs)} over, the last iterations end`;
  return `${clock(elapsedMs)} / ${formatDuration(plan.durationMs)}`;
}

/** Time that passes: tenths of a second in the first minute, whole seconds after it. */
function clock(ms: number): string {
  return ms < 60_000 ? `${(Math.floor(ms / 100) / 10).toFixed(1)}s` : formatDuration(Math.floor(ms / 1000) * 1000);
}

function failedRatio({ failed, requests }: LiveTotals): number {
  return requests > 0 ? failed / requests : 0;
}

function p95Of({ durations }: LiveTotals): string {
  const p95 = durations.quantile(0.95);
  return p95 === undefined ? '-' : formatMs(p95);
}
