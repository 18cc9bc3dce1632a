import { groupBy, type Series, select, type Timeline } from '@loads/core';
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

const METRIC = 'http_req_duration';
/** Room for an hour, in ns. */
const LEAST_HIGHEST = 3_600_000_000_000;

/**
 * A log of HdrHistograms (version 1.3 of the format) of `http_req_duration`, in ns. Lines with a tag are the whole run: all
 * requests, by phase, and by name, within 0.5 %. Lines without one are all requests over time, step by step, within 1.6 %.
 */
export const hlogReporter: Reporter = {
  name: 'hlog',
  doc: 'HdrHistogram log (V2 compressed): http_req_duration by name and phase, and over time',
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
      '#[Unit: http_req_duration in nanoseconds; Interval_Max in milliseconds]',
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

function wholeRun(series: readonly Series[], durationMs: number): readonly Interval[] {
  const phases = groupBy(series, METRIC, 'phase');
  const found = [
    ['(all)', select(series, METRIC)] as const,
    ...(phases.size > 1 ? [...phases].map(([phase, aggregate]) => [`(all){phase:${phase}}`, aggregate] as const) : []),
    ...groupBy(series, METRIC, 'name'),
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
