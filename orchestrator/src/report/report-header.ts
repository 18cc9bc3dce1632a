import { formatDuration, type Summary } from '@loads/core';
import { formatCount, formatMs, formatRate, formatRatio } from '../console/format.ts';
import { loadText } from '../console/load-text.ts';
import { badge, type Fact, facts, type Tone } from '../page/badge.ts';
import { type Html, html } from '../page/html.ts';
import { apdexOf, apdexRating } from './apdex.ts';
import type { RunReport } from './run-report.ts';

const VERDICTS: Readonly<
  Record<Summary['outcome'], { readonly word: string; readonly tone: Tone; readonly say: string }>
> = {
  passed: { word: 'PASSED', tone: 'good', say: 'Everything held.' },
  failed: { word: 'FAILED', tone: 'bad', say: 'Something did not hold.' },
  invalid: { word: 'INVALID', tone: 'bad', say: 'The measurement cannot be trusted; nothing is judged.' },
  stopped: { word: 'STOPPED', tone: 'warn', say: 'The run was stopped; nothing is judged.' },
};

const UNASKED = 'Nothing was asked for: the run had no thresholds.';

/** The top of a report: what run it was, its verdict with the reasons, and the figures that everybody asks for. */
export function reportHeader(report: RunReport): Html {
  const { summary, record, notes } = report;
  const { word, tone, say } = VERDICTS[summary.outcome];
  const labels = Object.entries(record.labels ?? {}).map(
    ([name, value]) => html` ${badge('plain', `${name}: ${value}`)}`,
  );
  return html`<p class="run muted">${summary.run}${labels}</p>
<h1>${summary.name}</h1>
<p class="muted">${whenAndWhat(report)}</p>
<div class="verdict ${tone}">
<p class="word"><strong>${word}</strong> <span class="muted">exit code ${summary.exitCode}</span></p>
<p>${summary.outcome === 'passed' && summary.thresholds.length === 0 ? UNASKED : say}</p>
${listOf(summary.reasons)}
${summary.tolerated.length > 0 && html`<p>Tolerated, as the user wished:</p>${listOf(summary.tolerated)}`}
${listOf([...(summary.warnings ?? []), ...notes])}
</div>
${facts(figures(report))}`;
}

function listOf(lines: readonly string[]): Html | false {
  return lines.length > 0 && html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

function figures({ summary, series, apdexMs }: RunReport): readonly Fact[] {
  const { total, iterations } = summary;
  const requests = total.ok + total.ko;
  const apdex = apdexOf(series, apdexMs);
  const latencies: readonly Fact[] = total.duration
    ? [
        { name: 'Latency p50', value: formatMs(total.duration.p50) },
        { name: 'Latency p95', value: formatMs(total.duration.p95) },
        { name: 'Latency p99', value: formatMs(total.duration.p99) },
      ]
    : [];
  const done = iterations.reduce((sum, { ok, failed }) => sum + ok + failed, 0);
  return [
    ...(requests > 0
      ? ([
          { name: 'Requests', value: formatCount(requests) },
          { name: 'Rate', value: formatRate(total.rate) },
          { name: 'Failed', value: formatRatio(total.ko / requests), tone: total.ko > 0 ? 'bad' : undefined },
        ] satisfies readonly Fact[])
      : []),
    ...latencies,
    ...(apdex === undefined
      ? []
      : [{ name: `Apdex (T = ${formatDuration(apdexMs)})`, value: apdex.toFixed(2), tone: apdexRating(apdex).tone }]),
    ...(requests === 0 ? [{ name: 'Iterations', value: formatCount(done) }] : []),
  ];
}

/** `2026-11-21 13:34:49 UTC, 20s: 4 workers on 2 nodes for 20s`. */
function whenAndWhat({ summary: { startedAtMs, durationMs }, record }: RunReport): string {
  const start =
    startedAtMs === undefined
      ? 'never begun'
      : `${new Date(startedAtMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const lasted = formatDuration(durationMs < 1000 ? durationMs : Math.round(durationMs / 1000) * 1000);
  return `${start}, ${lasted}: ${loadText(record.plan)}`;
}
