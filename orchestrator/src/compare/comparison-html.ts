import type { Change, Comparison, FigureName, PartComparison, RunBrief } from '@loads/core';
import { formatCount, formatRate, formatRatio } from '../console/format.ts';
import { badge, facts, type Tone } from '../page/badge.ts';
import { type Content, type Html, html } from '../page/html.ts';
import { pageText, type Section } from '../page/page.ts';
import { type Row, table } from '../page/table.ts';
import { FAULT_COLUMNS, faultCells } from './fault-text.ts';
import {
  CHANGE_WORDS,
  changedParts,
  changesText,
  countsText,
  differenceText,
  fromTo,
  intervalText,
  nameOfPart,
  separationText,
  whenOfPart,
} from './figure-text.ts';

export const CHANGE_TONES: Readonly<Record<Change, Tone>> = {
  better: 'good',
  same: 'plain',
  worse: 'bad',
  'too-few': 'warn',
};

const FIGURES: readonly FigureName[] = ['p50', 'p95', 'p99', 'failures'];
const STYLES = `
.masthead .badge { font-size: 1rem; padding: 0.15rem 0.8rem; margin-right: 0.5rem; vertical-align: 0.2em; }
td .small { display: block; }
`;

/** A comparison as one page. */
export function comparisonHtml(comparison: Comparison, notes: readonly string[]): string {
  const { a, b, change } = comparison;
  const separation = separationText(comparison);
  const header = html`<h1>${changeBadge(change)} ${b.name}: ${b.run}</h1>
<p>Compared with ${a.run}: ${countsText(comparison)}.</p>
${separation !== undefined && html`<p><strong>${separation}</strong></p>`}
${notes.map((note) => html`<p class="warn">Note: ${note}</p>`)}`;
  const sections = [
    changesSection(comparison),
    partsSection(comparison),
    faultsSection(comparison),
    thresholdsSection(comparison),
    runsSection(comparison),
  ];
  return pageText({
    title: `${b.name}: ${CHANGE_WORDS[change]} (${b.run} against ${a.run})`,
    header,
    sections: sections.filter((one) => one !== undefined),
    footer: html`<p>Loads. A difference matters over ${formatRatio(comparison.tolerance.ratio)} and ${comparison.tolerance.leastMs} ms (failures: over 0.1 points), and is told as worse or better
when its ${formatRatio(comparison.confidence)} interval excludes none. p99 is shown, and does not decide.</p>`,
    styles: STYLES,
  });
}

/** What became of something, as a word in a coloured field. */
export function changeBadge(change: Change): Html {
  return badge(CHANGE_TONES[change], CHANGE_WORDS[change]);
}

function changesSection(comparison: Comparison): Section {
  const items = changedParts(comparison).map(
    (part) =>
      html`<li>${changeBadge(part.change)} <strong>${nameOfPart(part)}, ${whenOfPart(part)}</strong>: ${changesText(part)}</li>`,
  );
  const content =
    items.length === 0
      ? html`<p>Nothing that matters, as far as the samples tell.</p>`
      : html`<ul class="plain">${items}</ul>`;
  return { id: 'changes', title: 'What changed', content };
}

function partsSection({ parts, onlyInA, onlyInB }: Comparison): Section {
  const rows = parts.map(
    (part): Row => ({
      cells: [
        html`${nameOfPart(part)} <span class="muted">${whenOfPart(part)}</span>`,
        changeBadge(part.change),
        html`${formatCount(part.samples.a)} → <br>${formatCount(part.samples.b)}`,
        ...FIGURES.map((name) => figureCell(part, name)),
        part.effect ? html`${part.effect.size}<span class="small muted">${part.effect.delta.toFixed(2)}</span>` : '-',
      ],
    }),
  );
  const titles = ['part', 'verdict', 'samples', ...FIGURES, 'effect'];
  const columns = titles.map((title, i) => ({ title, numeric: i > 1 }));
  const absent = (side: string, only: typeof onlyInA): Content =>
    only.length > 0 &&
    html`<p class="small muted">Only in ${side}: ${only.map((part) => `${nameOfPart(part)}, ${whenOfPart(part)}`).join('; ')}</p>`;
  return {
    id: 'parts',
    title: 'Requests and phases',
    content: [
      table({
        caption: 'From A to B, by request and phase. Below each: the difference, and its 99 % interval.',
        columns,
        rows,
      }),
      absent('A', onlyInA),
      absent('B', onlyInB),
    ],
  };
}

function figureCell({ figures }: PartComparison, name: FigureName): Content {
  const one = figures.find(({ figure }) => figure === name);
  if (!one) return '-';
  const told = one.judged && (one.change === 'worse' || one.change === 'better');
  const interval = intervalText(one);
  return html`${fromTo(one)}<span class="small ${told ? CHANGE_TONES[one.change] : 'muted'}">${differenceText(one)}</span><span class="small muted">${interval === '' ? 'too few samples' : interval}</span>`;
}

function faultsSection(comparison: Comparison): Section | undefined {
  const { faults } = comparison;
  if (faults.length === 0) return undefined;
  const columns = ['fault', ...FAULT_COLUMNS, 'verdict'].map((title, i) => ({
    title,
    numeric: i > 0 && i <= FAULT_COLUMNS.length,
  }));
  const rows = faults.map(
    (one): Row => ({
      cells: [one.fault, ...faultCells(comparison, one), one.change === undefined ? '-' : changeBadge(one.change)],
    }),
  );
  return {
    id: 'faults',
    title: 'Faults',
    content: table({ caption: 'What each fault did, from A to B.', columns, rows }),
  };
}

function thresholdsSection({ thresholds }: Comparison): Section | undefined {
  if (thresholds.length === 0) return undefined;
  const verdict = (ok: boolean): Html => badge(ok ? 'good' : 'bad', ok ? 'holds' : 'does not hold');
  const rows = thresholds.map(
    ({ metric, expression, a, b }): Row => ({
      cells: [metric, html`<code>${expression}</code>`, verdict(a), verdict(b)],
    }),
  );
  const columns = ['metric', 'threshold', 'A', 'B'].map((title) => ({ title }));
  return {
    id: 'thresholds',
    title: 'Thresholds',
    content: table({ caption: 'Thresholds that hold in one of the runs only.', columns, rows }),
  };
}

function runsSection({ a, b, unlike }: Comparison): Section {
  const loads = unlike.some(({ load }) => load);
  const rows = unlike.map(
    ({ what, a: before = '-', b: after = '-', load }): Row => ({
      cells: [load ? html`${what} ${badge('warn', 'load')}` : what, before, after],
    }),
  );
  const content = [
    runFacts('A', a),
    runFacts('B', b),
    loads &&
      html`<p class="warn">The load or the faults differ: figures may differ because of that, and not because of the service.</p>`,
    rows.length > 0 &&
      table({ caption: 'What they are not alike in.', columns: ['', 'A', 'B'].map((title) => ({ title })), rows }),
  ];
  return { id: 'runs', title: 'The runs', content };
}

function runFacts(
  side: string,
  { run, outcome, createdAt, requests, requestsFailed, rate, dropped, labels }: RunBrief,
): Content {
  const texts = Object.entries(labels).map(([name, value]) => ({ name, value }));
  return [
    html`<h3>${side}: ${run}</h3>`,
    facts([
      { name: 'verdict', value: outcome, tone: outcome === 'passed' ? 'good' : outcome === 'failed' ? 'bad' : 'warn' },
      { name: 'made', value: createdAt.slice(0, 16).replace('T', ' ') },
      { name: 'requests', value: formatCount(requests) },
      { name: 'failed', value: requests > 0 ? formatRatio(requestsFailed / requests) : '-' },
      { name: 'rate', value: formatRate(rate) },
      ...(dropped > 0 ? [{ name: 'dropped arrivals', value: formatCount(dropped), tone: 'bad' as const }] : []),
      ...texts,
    ]),
  ];
}
