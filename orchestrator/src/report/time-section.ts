import { ALL_REQUESTS } from '@loads/core';
import { formatMs, formatRate } from '../console/format.ts';
import { severalProtocols } from '../console/several-protocols.ts';
import { type Html, html } from '../page/html.ts';
import type { Section } from '../page/page.ts';
import { chart } from './chart.ts';
import { heatTable, timeTable } from './figure-tables.ts';
import type { ReportData, TrackData } from './report-data.ts';
import type { RunReport } from './run-report.ts';
import { clockText } from './time-text.ts';

/** The run over time: rate, latency, and how latencies were spread, with the faults as bands. */
export function timeSection({ timeline }: RunReport, data: ReportData | undefined): Section {
  const place = { id: 'time', title: 'Over time' };
  const [total] = data?.tracks ?? [];
  if (!timeline || !data || !total)
    return { ...place, content: html`<p>No node kept a timeline: there is nothing to draw.</p>` };
  const faults = data.bands
    .filter(({ kind }) => kind === 'fault')
    .map(({ name, fromS, toS }) => {
      return `${name} from ${clockText(fromS)} to ${clockText(toS)}`;
    });
  const bands = faults.length === 0 ? '' : ` Faults: ${[...new Set(faults)].slice(0, 12).join(', ')}.`;
  return {
    ...place,
    content: html`<noscript><p class="warn">The charts are drawn by a script, which this browser does not run. Their figures are in the tables below each.</p></noscript>
<p class="small muted screen">Drag in a chart to zoom all of them, double-click or press Escape to see all again. With a chart in focus the arrow keys move through its
figures. Dark bands are faults as they really happened, light ones the recovery after them.</p>
${chart({
  id: 'rate',
  title: 'Requests per second',
  text: `${rateText(total)}${answersText(total)}${connectionText(data)}${bands}`,
  controls: nameChoice(data.tracks),
  figures: timeTable(timeline, data.bands),
})}
${chart({
  id: 'latency',
  title: 'Latency',
  text: latencyText(total),
  controls: html`<label class="choice"><input type="checkbox" data-choice="log"> logarithmic</label>`,
})}
${chart({
  id: 'heat',
  title: 'Latency heat map',
  text: `How many requests of a moment took how long: the stronger the colour, the more. The axis of latencies is logarithmic. ${heatText(total, data)}`,
  figures: heatTable(timeline, data.heat),
})}
${chart({
  id: 'load',
  title: 'Load',
  text: loadText(data),
})}`,
  };
}

function nameChoice(tracks: readonly TrackData[]): Html | undefined {
  if (tracks.length < 3) return undefined;
  const spoken = severalProtocols(tracks.slice(1));
  const options = tracks.map((track, i) => {
    return html`<option value="${i}">${i === 0 ? 'all requests' : nameOf(track, spoken)}</option>`;
  });
  return html`<label class="choice">of <select data-choice="track">${options}</select></label>`;
}

function nameOf({ name, protocol = '' }: TrackData, spoken: boolean): string {
  if (name === ALL_REQUESTS) return `all of ${protocol}`;
  return spoken ? `${name} (${protocol})` : name;
}

function heatText(total: TrackData, { tracks }: ReportData): string {
  if (total.answers) return 'What was waited for on connections is in it, of all names.';
  const waits = tracks.some(({ answers }) => answers !== undefined);
  return waits ? 'Calls of all names are in it, waits on connections are not.' : 'Requests of all names are in it.';
}

function answersText({ answers = [], stepS }: TrackData): string {
  const peak = highest(answers);
  return peak ? ` Most answers: ${formatRate(peak.value)} at ${clockText(peak.step * stepS)}.` : '';
}

/** What stands for a request where it is a connection. */
function connectionText({ tracks }: ReportData): string {
  return tracks.some(({ answers }) => answers !== undefined)
    ? ' A request of ws or tcp is a connection, in the moment in which it has ended; answers are what was waited for on it.'
    : '';
}

function rateText({ ok, ko, stepS }: TrackData): string {
  const all = ok.map((one, i) => one + (ko[i] ?? 0));
  const peak = highest(all);
  const worst = highest(ko);
  const failures =
    worst && worst.value > 0
      ? ` Most failures: ${formatRate(worst.value)} at ${clockText(worst.step * stepS)}.`
      : ' No request failed.';
  return peak
    ? `Highest rate: ${formatRate(peak.value)} at ${clockText(peak.step * stepS)}.${failures}`
    : 'No requests.';
}

function latencyText({ p50, p95, p99, stepS }: TrackData): string {
  const parts = (
    [
      ['p50', p50],
      ['p95', p95],
      ['p99', p99],
    ] as const
  ).flatMap(([name, column]) => {
    const peak = highest(column);
    return peak ? [`${name} ${formatMs(peak.value)} at ${clockText(peak.step * stepS)}`] : [];
  });
  const step = stepS === 1 ? 'each second' : `each ${stepS} s`;
  return parts.length === 0 ? 'No latencies.' : `Percentiles of ${step}, over all nodes. Highest ${parts.join(', ')}.`;
}

function loadText({ load: { workers, dropped } }: ReportData): string {
  const peak = highest(workers);
  const lost = dropped.some((one) => one > 0) ? ' Arrivals that found all workers busy are counted as dropped.' : '';
  return `Workers at work, and iterations that ended per second. Most workers: ${Math.round(peak?.value ?? 0)}.${lost}`;
}

function highest(column: readonly (number | null)[]): { readonly step: number; readonly value: number } | undefined {
  let found: { step: number; value: number } | undefined;
  for (const [step, value] of column.entries()) {
    if (value !== null && (found === undefined || value > found.value)) found = { step, value };
  }
  return found;
}
