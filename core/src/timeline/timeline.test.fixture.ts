import fc from 'fast-check';
import { Histogram } from '../histogram/histogram.ts';
import { requestMetricsOf } from '../metrics/request-metrics.ts';
import type { Series } from '../metrics/series.ts';
import type { FaultWindow } from './fault-window.ts';
import type { Timeline } from './timeline.ts';
import { TimelineRecorder } from './timeline-recorder.ts';

/** What one node saw in one second. */
export type TestSecond = {
  readonly second: number;
  readonly name: string;
  readonly durations: readonly number[];
  readonly failed: number;
  /** Default: http. */
  readonly protocol?: string;
};

export const seconds: fc.Arbitrary<readonly TestSecond[]> = fc
  .array(
    fc.record({
      second: fc.oneof(fc.nat(10), fc.nat(700), fc.constantFrom(1300, 3601)),
      name: fc.constantFrom('GET /', 'POST /cart', 'list items'),
      durations: fc.array(
        fc.integer({ min: 0, max: 80_000 }).map((eighth) => eighth / 8),
        { minLength: 1, maxLength: 9 },
      ),
      failed: fc.nat(1),
      protocol: fc.constantFrom('http', 'http', 'grpc', 'ws', 'tcp'),
    }),
    { maxLength: 12 },
  )
  .map((list) => [...list].sort((a, b) => a.second - b.second));

/** The series of one window. Of a protocol of connections each of them is waited on once. */
export function windowOf(name: string, durations: readonly number[], failed = 0, protocol = 'http'): readonly Series[] {
  const metrics = requestMetricsOf(protocol);
  if (!metrics) throw new Error(`no protocol ${protocol}`);
  const histogram = new Histogram();
  for (const ms of durations) histogram.record(ms);
  const tags = { name, phase: 'steady' };
  return [
    { metric: metrics.count, tags, aggregate: { kind: 'counter', sum: durations.length } },
    { metric: metrics.failed, tags, aggregate: { kind: 'rate', count: durations.length, sum: failed } },
    { metric: metrics.duration, tags, aggregate: { kind: 'trend', histogram } },
    { metric: 'data_received', tags, aggregate: { kind: 'counter', sum: 100 * durations.length } },
    { metric: 'vus', tags: {}, aggregate: gauge(4) },
    { metric: 'node_cpu', tags: {}, aggregate: gauge(durations.length / 10) },
    { metric: 'iterations', tags: { phase: 'steady' }, aggregate: { kind: 'counter', sum: 1 } },
  ];
}

function gauge(value: number): Series['aggregate'] {
  return { kind: 'gauge', last: value, lastAtMs: 0, min: value, max: value, sum: value, count: 1 };
}

/** What a node records of some seconds. */
export function timelineOf(list: readonly TestSecond[], windows: readonly FaultWindow[] = []): Timeline {
  const recorder = new TimelineRecorder();
  for (const { second, name, durations, failed, protocol } of list)
    recorder.add(windowOf(name, durations, failed, protocol), second * 1000);
  return recorder.timeline(windows);
}
