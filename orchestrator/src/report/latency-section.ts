import type { Summary, TrendStats } from '@loads/core';
import { formatMs, plural } from '../console/format.ts';
import { type Html, html } from '../page/html.ts';
import type { Section } from '../page/page.ts';
import { table } from '../page/table.ts';
import type { RunReport } from './run-report.ts';

/** Latency from the actual begin and from the planned one, side by side. */
export function latencySection({ summary }: RunReport): Section {
  return { id: 'latencies', title: 'From send and from plan', content: content(summary) };
}

function content({ schedule }: Summary): Html {
  if (!schedule)
    return html`<p>The load was a closed one: a worker begins its next iteration when the last one has ended, so nothing was planned that could have begun late. Where a
service slows such a load down, less is sent, and latencies look better than they are for who comes at times of their own (coordinated omission).
With arrivals (<code>--rate</code>) both latencies would be here.</p>`;
  const { fromStart, fromPlan, lag, dropped } = schedule;
  const rows = [
    ...rowOf('from the actual begin', fromStart),
    ...rowOf('from the planned begin', fromPlan),
    ...rowOf('how late they began', lag),
  ];
  return html`${rows.length > 0 && latencyTable(rows)}
${fromStart && fromPlan && html`<p>${gapText(fromStart, fromPlan)}</p>`}
<p class="${dropped > 0 ? 'bad' : ''}">${
    dropped > 0
      ? `${plural(dropped, 'arrival')} dropped: all workers were busy. They are in neither latency.`
      : 'No arrival was dropped.'
  }</p>`;
}

function latencyTable(rows: readonly { readonly cells: readonly string[] }[]): Html {
  return table({
    caption: 'Duration of iterations of the open load',
    columns: [
      { title: 'Latency' },
      ...['Mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'Max'].map((title) => ({ title, numeric: true })),
    ],
    rows,
  });
}

function rowOf(name: string, stats: TrendStats | undefined): readonly { readonly cells: readonly string[] }[] {
  if (!stats) return [];
  const { mean, p50, p90, p95, p99, p999, max } = stats;
  return [{ cells: [name, ...[mean, p50, p90, p95, p99, p999, max].map(formatMs)] }];
}

function gapText(fromStart: TrendStats, fromPlan: TrendStats): string {
  const gap = fromPlan.p99 - fromStart.p99;
  const small = gap <= Math.max(1, fromStart.p99 / 20);
  const text = `At p99 the plan sees ${formatMs(Math.max(0, gap))} more than who only times what was sent`;
  return small
    ? `${text}: the generator kept its plan.`
    : `${text}: that is waiting for a free worker, or for the generator.`;
}
