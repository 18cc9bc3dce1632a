import { groupBy, REQUEST_METRICS, requestDurations, type Series, type Timeline } from '@loads/core';
import type { Reporter } from '../reporter.ts';
import { encodeHdr, type HdrSamples } from './encode-hdr.ts';
import { samplesOf, samplesOfStep } from './hdr-samples.ts';

/** One line of a log: what was measured from `fromMs` on for `forMs` (from the start of the run). */
type Interval = {
  readonly tag?: string | undefined;
  readonly fromMs: number;
  readonly forMs: number;
  readonly samples: readonly HdrSamples[];
};

/** Room for an hour, in ns. */
const LEAST_HIGHEST = 3_600_000_000_000;

/**
 * A log of HdrHistograms (version 1.3 of the format) of how long requests took, in ns. Lines with a tag are the whole run: all
 * requests, by phase, by protocol where there are several, and by name, within 0.5 %. Lines without one are all requests over time, step by step, within 1.6 %.
 */
export const hlogReporter: Reporter = {
  name: 'hlog',
  doc: 'HdrHistogram log (V2 compressed): latencies of requests by name and phase, and over time',
  file: 'latencies.hlog',
  report({ summary, nodes }) {
    const { run, startedAtMs = 0, durationMs } = summary;
    const intervals = [...wholeRun(nodes.series, durationMs), ...overTime(nodes.timeline)];
    const biggest = Math.max(0, ...intervals.map(({ samples }) => samples.at(-1)?.value ?? 0));
    const highest = Math.max(LEAST_HIGHEST, biggest);
    const seconds = (startedAtMs / 1000).toFixed(3);
    return [
      '#[Histogram log format version 1.3]',
      `#[Run: ${run}]`,
      `#[Unit: ${metricsIn(nodes.series)} in nanoseconds; Interval_Max in milliseconds]`,
      `#[StartTime: ${seconds} (seconds since epoch), ${new Date(startedAtMs).toISOString()}]`,
      `#[BaseTime: ${seconds} (seconds since epoch)]`,
      '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
      ...intervals.map((interval) => lineOf(interval, highest)),
      '',
    ].join('\n');
  },
};

function lineOf({ tag, fromMs, forMs, samples }: Interval, highest: number): string {
  const [from, length] = [fromMs, forMs].map((ms) => (ms / 1000).toFixed(3));
  const most = ((samples.at(-1)?.value ?? 0) / 1e6).toFixed(3);
  const of = tag === undefined ? '' : `Tag=${tag},`;
  return `${of}${from},${length},${most},${encodeHdr(samples, highest)}`;
}

function metricsIn(series: readonly Series[]): string {
  return (
    spokenIn(series)
      .map(({ duration }) => duration)
      .join(', ') || 'durations'
  );
}

function spokenIn(series: readonly Series[]): typeof REQUEST_METRICS {
  const found = new Set(series.map(({ metric }) => metric));
  return REQUEST_METRICS.filter(({ duration }) => found.has(duration));
}

function wholeRun(series: readonly Series[], durationMs: number): readonly Interval[] {
  const spoken = spokenIn(series);
  const phases = new Set(spoken.flatMap(({ duration }) => [...groupBy(series, duration, 'phase').keys()]));
  const several = spoken.length > 1;
  const found = [
    ['(all)', requestDurations(series)] as const,
    ...(phases.size > 1 ? [...phases].sort() : []).map(
      (phase) => [`(all){phase:${phase}}`, requestDurations(series, { phase })] as const,
    ),
    ...(several ? spoken : []).map(
      (one) => [`(all){protocol:${one.protocol}}`, requestDurations(series, {}, [one])] as const,
    ),
    ...spoken.flatMap(({ protocol, duration }) =>
      [...groupBy(series, duration, 'name')].map(
        ([name, aggregate]) => [several ? `${name}{protocol:${protocol}}` : name, aggregate] as const,
      ),
    ),
  ];
  const taken = new Set<string>();
  return found.flatMap(([name, aggregate]): readonly Interval[] => {
    if (aggregate?.kind !== 'trend' || aggregate.histogram.count === 0) return [];
    return [{ tag: tagOf(name, taken), fromMs: 0, forMs: durationMs, samples: samplesOf(aggregate.histogram) }];
  });
}

function overTime(timeline: Timeline | undefined): readonly Interval[] {
  if (!timeline) return [];
  const { stepMs, latencies } = timeline.total;
  return latencies.flatMap((step, i) =>
    step.length === 0 ? [] : [{ fromMs: i * stepMs, forMs: stepMs, samples: samplesOfStep(step) }],
  );
}

/** A tag ends at a comma or a space, and is to be unique. */
function tagOf(name: string, taken: Set<string>): string {
  const plain = name.replaceAll(/[\s,\p{Cc}]+/gu, '_') || '(none)';
  let tag = plain;
  for (let n = 2; taken.has(tag); n++) tag = `${plain}~${n}`;
  taken.add(tag);
  return tag;
}
