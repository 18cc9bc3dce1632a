import { formatDuration, type RequestFigures, type Summary } from '@loads/core';
import { formatCount, formatMs, formatRate, formatRatio, oneLine } from '../../console/format.ts';
import { measuredText } from '../../console/measured-text.ts';
import { severalProtocols } from '../../console/several-protocols.ts';
import type { Reporter } from '../reporter.ts';
import { orgExample, orgTable, orgText as plain } from './org.ts';

type Section = readonly [title: string, lines: readonly string[]];

/** An Org document, which Emacs folds and pandoc turns into anything: what FunkLoad's `fl-build-report --org` was for. */
export const orgReporter: Reporter = {
  name: 'org',
  doc: 'Org: a document for Emacs and pandoc',
  file: 'report.org',
  report({ summary, notes }) {
    const sections: readonly Section[] = [
      ['Verdict', verdictLines(summary, notes)],
      ['Thresholds', thresholdLines(summary)],
      ['Requests', requestLines(summary)],
      ['Faults', faultLines(summary)],
      ['Checks', checkLines(summary)],
      ['Errors', errorLines(summary)],
    ];
    const parts = sections
      .filter(([, lines]) => lines.length > 0)
      .map(([title, lines]) => [`* ${title}`, '', ...lines]);
    return `${[[`#+title: ${summary.outcome.toUpperCase()} ${plain(summary.name)}`], ...parts].map((lines) => lines.join('\n')).join('\n\n')}\n`;
  },
};

function verdictLines(summary: Summary, notes: readonly string[]): readonly string[] {
  const { outcome, reasons, tolerated, warnings = [], run, durationMs, nodes, workers, seed, lost } = summary;
  const facts: readonly (readonly [string, string])[] = [
    ['verdict', outcome],
    ...reasons.map((reason) => ['reason', reason] as const),
    ...tolerated.map((one) => ['tolerated', one] as const),
    ...[...warnings, ...notes].map((one) => ['note', one] as const),
    ['run', run],
    ['duration', formatDuration(durationMs)],
    ['nodes', formatCount(nodes)],
    ['workers', formatCount(workers)],
    ['seed', String(seed)],
    ['samples lost', lost === null ? 'the accounts do not add up' : formatCount(lost)],
  ];
  return facts.map(([what, text]) => `- ${what} :: ${plain(text)}`);
}

function thresholdLines({ thresholds }: Summary): readonly string[] {
  if (thresholds.length === 0) return [];
  const rows = thresholds.map((one) => [
    one.ok ? 'holds' : 'does not hold',
    ...[one.metric, one.expression, measuredText(one)].map(plain),
  ]);
  return orgTable(['', 'metric', 'threshold', 'measured'], rows);
}

function requestLines({ requests, total }: Summary): readonly string[] {
  if (total.ok + total.ko === 0) return [];
  const spoken = severalProtocols(requests);
  const first = (name: string, protocol = ''): readonly string[] => (spoken ? [name, protocol] : [name]);
  const named = [...requests.map((one) => [one.name, one] as const), ['all requests', total] as const];
  // Each name with its phases below it, where it met more than one.
  const rows = named.flatMap(([name, figures]) => {
    const phases = Object.entries(figures.phases);
    const below = phases.length > 1 ? phases.map(([phase, one]) => cellsOf(first(`... ${phase}`), one)) : [];
    return [cellsOf(first(plain(name), figures.protocol), figures), ...below];
  });
  const header = ['ok', 'ko', 'rate', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'];
  return orgTable([...first('request', 'protocol'), ...header], rows);
}

function cellsOf(first: readonly string[], { ok, ko, rate, duration: times }: RequestFigures): readonly string[] {
  const ms = times && [times.min, times.mean, times.p50, times.p90, times.p95, times.p99, times.max].map(formatMs);
  return [...first, formatCount(ok), formatCount(ko), formatRate(rate), ...(ms ?? Array<string>(7).fill('-'))];
}

function faultLines({ faults }: Summary): readonly string[] {
  if (faults.length === 0) return [];
  const rows = faults.map(({ fault, behavior, proxy, count }) => [
    ...[fault, behavior, proxy].map(plain),
    formatCount(count),
  ]);
  return orgTable(['fault', 'behavior', 'proxy', 'injected'], rows);
}

function checkLines({ checks }: Summary): readonly string[] {
  if (checks.length === 0) return [];
  const rows = checks.map(({ name, ok, failed }) => [
    plain(name),
    formatRatio(ok / (ok + failed)),
    formatCount(ok),
    formatCount(failed),
  ]);
  return orgTable(['check', 'held', 'ok', 'failed'], rows);
}

function errorLines({ errors }: Summary): readonly string[] {
  if (errors.length === 0) return [];
  return orgExample(
    errors.map(({ count, scenario, message }) => `${formatCount(count)} × ${oneLine(`${scenario}: ${message}`)}`),
  );
}
