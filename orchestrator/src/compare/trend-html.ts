import type { Trend, TrendPoint } from '@loads/core';
import { formatMs, formatRate, formatRatio, plural } from '../console/format.ts';
import { badge, type Tone } from '../page/badge.ts';
import { html } from '../page/html.ts';
import { pageText, type Section } from '../page/page.ts';
import { type Row, table } from '../page/table.ts';
import { changeBadge } from './comparison-html.ts';
import { CHART_STYLES, type ChartLine, trendChart } from './trend-chart.ts';
import { labelsText, TREND_COLUMNS, trendCells } from './trend-text.ts';

const TONES: Readonly<Record<TrendPoint['outcome'], Tone>> = {
  passed: 'good',
  failed: 'bad',
  invalid: 'warn',
  stopped: 'warn',
};

/** A trend as one page: charts over all phases and by phase, and a table with all figures. */
export function trendHtml(trend: Trend, notes: readonly string[]): string {
  const { name, points } = trend;
  const last = points.at(-1);
  return pageText({
    title: `${name}: trend of ${plural(points.length, 'run')}`,
    header: html`<h1>${name}: trend of ${plural(points.length, 'run')}</h1>
${last && html`<p>The last one, ${last.run}, ${last.change ? html`is ${changeBadge(last.change)} compared with ${last.against}` : `has the verdict ${last.outcome}`}.</p>`}
${notes.map((note) => html`<p class="warn">Note: ${note}</p>`)}`,
    sections: [chartSection(points), phaseSection(points), tableSection(points)].filter((one) => one !== undefined),
    footer: html`<p>Loads. Each run is compared with the last one before it that is valid and had the same load and faults.</p>`,
    styles: CHART_STYLES,
  });
}

function chartSection(points: readonly TrendPoint[]): Section {
  const names = points.map(({ run }) => run);
  const quantiles = (['p50', 'p95', 'p99'] as const).map(
    (name): ChartLine => ({ name, look: name, values: points.map(({ all }) => all?.[name]) }),
  );
  const failures = { name: 'failures', look: 'ko', values: points.map(({ all }) => all?.failures) };
  const rate = { name: 'rate', look: 'rate', values: points.map((point) => point.rate) };
  return {
    id: 'charts',
    title: 'Over the runs',
    content: [
      trendChart({ title: 'Duration, all phases', names, lines: quantiles, text: formatMs }),
      trendChart({ title: 'Failures', names, lines: [failures], text: formatRatio }),
      trendChart({ title: 'Requests per second', names, lines: [rate], text: formatRate }),
    ],
  };
}

/** Only of runs with faults. */
function phaseSection(points: readonly TrendPoint[]): Section | undefined {
  const phases = (['steady', 'chaos', 'recovery'] as const).filter((phase) =>
    points.some((point) => point.phases[phase]),
  );
  if (phases.length < 2) return undefined;
  const names = points.map(({ run }) => run);
  const looks = { steady: 'p50', chaos: 'p99', recovery: 'p95' } as const;
  const lines = phases.map(
    (phase): ChartLine => ({
      name: phase,
      look: looks[phase],
      values: points.map((point) => point.phases[phase]?.p95),
    }),
  );
  return {
    id: 'phases',
    title: 'By phase',
    content: trendChart({ title: 'p95 of the duration, by phase', names, lines, text: formatMs }),
  };
}

function tableSection(points: readonly TrendPoint[]): Section {
  const rows = points.toReversed().map((point): Row => {
    const cells = trendCells(point).map((text, i) => {
      if (i === 3) return badge(TONES[point.outcome], text);
      return i === TREND_COLUMNS.length - 1 && point.change ? changeBadge(point.change) : text;
    });
    return { cells: [...cells, labelsText(point)] };
  });
  const columns = [...TREND_COLUMNS, 'labels'].map((title, i) => ({ title, numeric: i > 3 && i < 9 }));
  return {
    id: 'runs',
    title: 'The runs',
    content: table({ caption: 'The newest first; figures are over all phases.', columns, rows }),
  };
}
