import { type Stage, stagesOf } from '@loads/core';
import { formatCount, formatMs, formatRate, formatRatio, plural } from '../console/format.ts';
import { badge } from '../page/badge.ts';
import { type Content, html } from '../page/html.ts';
import type { Section } from '../page/page.ts';
import { table } from '../page/table.ts';
import { apdexRating } from './apdex.ts';
import type { RunReport } from './run-report.ts';
import { type StageFigures, stageFigures } from './stages.ts';
import { clockText } from './time-text.ts';

/** The stages of the load, steady windows apart from ramps; nothing for a load that stays as it is. */
export function stageSection({ record, summary, timeline, apdexMs }: RunReport): readonly Section[] {
  const stages = stagesOf(record.plan, summary.scalings);
  if (stages.length < 2 || !timeline) return [];
  const figures = stageFigures(stages, timeline, apdexMs, summary.durationMs);
  if (figures.length === 0) return [];
  const ofKind = (kind: Stage['kind']): readonly StageFigures[] => figures.filter((one) => one.kind === kind);
  const [steady, ramps] = [ofKind('steady'), ofKind('ramp')];
  const content = html`<p>What a load does once it stands is told apart from what it does while it grows or shrinks. Figures are of the whole seconds within a stage.${
    summary.scalings &&
    html` From ${clockText((summary.scalings[0]?.atMs ?? 0) / 1000)} on the number of workers was set by hand.`
  }</p>
${steady.length > 0 && stageTable('Steady windows: stages in which the load stays as it is', steady)}
${ramps.length > 0 && stageTable('Ramps: stages in which it changes', ramps)}
<p class="small muted">Percentiles are within 1.6 %. Apdex is at least what is shown: which of the requests of a stage failed is not known by their latency.
${steady.length > 1 && html`“Best” is the window with the highest peak rate times Apdex among those with an Apdex of 0.85 or more.`}</p>`;
  return [{ id: 'stages', title: 'Stages', content }];
}

function stageTable(caption: string, stages: readonly StageFigures[]): Content {
  const titles = ['Requests', 'Rate', 'Peak', 'Failed', 'p50', 'p95', 'p99', 'Apdex'];
  const rows = stages.map((stage) => {
    const { fromMs, toMs, count, failed, rate, maxRate, p50Ms, p95Ms, p99Ms, best } = stage;
    return {
      cells: [
        html`${nameOf(stage)}${best && html` ${badge('good', 'best')}`}`,
        `${clockText(fromMs / 1000)} to ${clockText(toMs / 1000)}`,
        formatCount(count),
        formatRate(rate),
        formatRate(maxRate),
        count > 0 ? formatRatio(failed / count) : '-',
        ...[p50Ms, p95Ms, p99Ms].map((ms) => formatMs(ms ?? Number.NaN)),
        apdexCell(stage),
      ],
    };
  });
  const columns = [{ title: 'Stage' }, { title: 'When' }, ...titles.map((title) => ({ title, numeric: true }))];
  return table({ caption, columns, rows });
}

function apdexCell({ apdex }: StageFigures): Content {
  return apdex === undefined ? '-' : badge(apdexRating(apdex).tone, apdex.toFixed(2));
}

function nameOf({ scenario, of, from, to }: Stage): string {
  const amount = (value: number): string => (of === 'workers' ? plural(value, 'worker') : formatRate(value));
  const text = from === to ? amount(to) : `${formatCount(from)} to ${amount(to)}`;
  return scenario === undefined ? text : `${scenario}: ${text}`;
}
