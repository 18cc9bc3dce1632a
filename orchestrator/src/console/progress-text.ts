import { formatDuration, type LiveTotals, type RunPlan } from '@loads/core';
import type { Progress } from '../run/running-run.ts';
import { formatCount, formatMs, formatRate, formatRatio, plural } from './format.ts';
import { liveTable } from './live-table.ts';
import type { Paint } from './paint.ts';

const WIDEST_BAR = 40;
const NARROWEST_BAR = 10;
const GAP = '   ';

/** Rates come from two readings of the totals; both in the units of `Progress`. */
export type ProgressView = { readonly now: Progress; readonly rate: number };

/** How much of a terminal there is to fill. */
export type Room = { readonly columns: number; readonly rows: number };

/** The screen of a run on a terminal, line by line; what matters least stands at the right and at the bottom. */
export function progressScreen(
  plan: RunPlan,
  { now, rate }: ProgressView,
  paint: Paint,
  { columns, rows }: Room,
): readonly string[] {
  const { elapsedMs, totals, nodesRunning } = now;
  const time = timeOf(plan, elapsedMs);
  const all = nodesRunning === plan.nodes;
  const nodes = all ? plural(plan.nodes, 'node') : `${nodesRunning} of ${plural(plan.nodes, 'node')}`;
  const room = columns - time.length - nodes.length - 2 * GAP.length;
  const bar = progressBar(plan, elapsedMs, room, paint);
  const first = [...bar, time, all ? nodes : paint.warn(nodes)].join(GAP);
  if (!totals) return [first, paint.faint('waiting for the first figures')];
  const lines = [first, figures(totals, rate, paint), ...failuresOf(totals)];
  if (plan.proxies.length > 0) lines.push(faults(totals, paint));
  const requests = liveTable(totals.names, { columns, rows: rows - lines.length - 1 }, paint);
  return requests.length > 0 ? [...lines, '', ...requests] : lines.slice(0, rows);
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

/** What failed, by class, the most frequent first; nothing while nothing has. */
function failuresOf({ failures }: LiveTotals): readonly string[] {
  const classes = Object.entries(failures).toSorted(([, a], [, b]) => b - a);
  return classes.length === 0
    ? []
    : [`failures: ${classes.map(([name, count]) => `${name} ${formatCount(count)}`).join(', ')}`];
}

function faults({ activeFaults, faults: injected }: LiveTotals, paint: Paint): string {
  const active = activeFaults.length > 0 ? paint.warn(activeFaults.join(', ')) : 'none';
  return `faults active: ${active}${GAP}${formatCount(injected)} injected`;
}

function progressBar(plan: RunPlan, elapsedMs: number, room: number, paint: Paint): readonly string[] {
  if (plan.durationMs === null) {
    const until = plan.scenario.kind === 'command' ? 'the command ends' : 'all iterations are done';
    return [paint.faint(`running until ${until}`)];
  }
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
