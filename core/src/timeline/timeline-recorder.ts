import { Histogram } from '../histogram/histogram.ts';
import { type Series, select } from '../metrics/series.ts';
import type { FaultWindow } from './fault-window.ts';
import { type Latencies, latenciesOf, mergeLatencies } from './latencies.ts';
import { coarsenedLoad, type LoadTrack } from './load-track.ts';
import {
  ALL_REQUESTS,
  emptyTimeline,
  emptyTrack,
  MOST_NAME_STEPS,
  MOST_NAMES,
  MOST_STEPS,
  OTHER_REQUESTS,
  STEP_MS,
  type Timeline,
} from './timeline.ts';
import { coarsened, type Track } from './track.ts';

/** The requests of one name in one window. */
type Requests = { count: number; failed: number; bytes: number; readonly durations: Histogram };

type Columns<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Value)[] ? Value[] : T[Key] };

/** Takes window after window of a node's series, and keeps what a timeline tells of them. */
export class TimelineRecorder {
  #total = columnsOf(emptyTrack(ALL_REQUESTS));
  #load = columnsOf(emptyTimeline().load);
  #nameStepMs = STEP_MS;
  readonly #names = new Map<string, Columns<Track>>();

  /** Adds what came in during one second, or less; `fromMs` is its begin, from the start of the run. */
  add(window: readonly Series[], fromMs: number): void {
    const inRun = window.filter(({ tags }) => tags.phase !== 'setup' && tags.phase !== 'teardown');
    const atMs = Math.max(0, fromMs);
    while (atMs >= this.#load.stepMs * MOST_STEPS) {
      this.#total = columnsOf(coarsened(this.#total, this.#total.stepMs * 2));
      this.#load = columnsOf(coarsenedLoad(this.#load, this.#load.stepMs * 2));
    }
    while (atMs >= this.#nameStepMs * MOST_NAME_STEPS) {
      this.#nameStepMs *= 2;
      for (const [name, track] of this.#names) this.#names.set(name, columnsOf(coarsened(track, this.#nameStepMs)));
    }
    const all = newRequests();
    for (const [name, requests] of requestsOf(inRun)) {
      addRequests(this.#track(name), requests, atMs);
      all.count += requests.count;
      all.failed += requests.failed;
      all.bytes += requests.bytes;
      all.durations.merge(requests.durations);
    }
    addRequests(this.#total, all, atMs);
    addLoad(this.#load, inRun, atMs);
  }

  /** What has been taken so far, with the fault windows of the node. It does not change any more. */
  timeline(windows: readonly FaultWindow[]): Timeline {
    const requests = [...this.#names.values()].map(columnsOf).sort((a, b) => (a.name < b.name ? -1 : 1));
    return { total: columnsOf(this.#total), requests, load: columnsOf(this.#load), windows };
  }

  #track(wanted: string): Columns<Track> {
    const name = this.#names.has(wanted) || this.#names.size < MOST_NAMES ? wanted : OTHER_REQUESTS;
    const known = this.#names.get(name);
    if (known) return known;
    const track = columnsOf({ ...emptyTrack(name), stepMs: this.#nameStepMs });
    this.#names.set(name, track);
    return track;
  }
}

function requestsOf(window: readonly Series[]): ReadonlyMap<string, Requests> {
  const byName = new Map<string, Requests>();
  for (const { metric, tags, aggregate } of window) {
    if (!REQUEST_METRICS.has(metric)) continue;
    const name = tags.name ?? '';
    const requests = byName.get(name) ?? newRequests();
    byName.set(name, requests);
    if (aggregate.kind === 'trend') requests.durations.merge(aggregate.histogram);
    else if (aggregate.kind === 'rate') requests.failed += aggregate.sum;
    else if (aggregate.kind === 'counter' && metric === 'http_reqs') requests.count += Math.max(0, aggregate.sum);
    else if (aggregate.kind === 'counter') requests.bytes += Math.max(0, aggregate.sum);
  }
  return byName;
}

const REQUEST_METRICS: ReadonlySet<string> = new Set([
  'http_reqs',
  'http_req_failed',
  'http_req_duration',
  'data_sent',
  'data_received',
]);

function newRequests(): Requests {
  return { count: 0, failed: 0, bytes: 0, durations: new Histogram() };
}

function addRequests(track: Columns<Track>, { count, failed, bytes, durations }: Requests, atMs: number): void {
  const step = Math.floor(atMs / track.stepMs);
  at(track.count, step, 0, (sum) => sum + count);
  at(track.failed, step, 0, (sum) => sum + failed);
  at(track.bytes, step, 0, (sum) => sum + bytes);
  at<Latencies>(track.latencies, step, [], (known) => mergeLatencies(known, latenciesOf(durations)));
}

function addLoad(load: Columns<LoadTrack>, window: readonly Series[], atMs: number): void {
  const step = Math.floor(atMs / load.stepMs);
  const of = (metric: string): number => {
    const aggregate = select(window, metric);
    return aggregate?.kind === 'counter' ? Math.max(0, aggregate.sum) : 0;
  };
  at(load.workerSeconds, step, 0, (sum) => sum + workersOf(window));
  at(load.iterations, step, 0, (sum) => sum + of('iterations'));
  at(load.dropped, step, 0, (sum) => sum + of('dropped_iterations'));
  at(load.cpu, step, null, worseThan(cpuOf(window)));
  at(load.loopLagMs, step, null, worseThan(p99Of(window, 'loop_lag')));
  at(load.scheduleLagMs, step, null, worseThan(p99Of(window, 'schedule_lag')));
}

/** Changes the value of a step; steps before it that nothing is known of are `nothing`. */
function at<Value>(column: Value[], step: number, nothing: Value, change: (value: Value) => Value): void {
  while (column.length <= step) column.push(nothing);
  column[step] = change(column[step] ?? nothing);
}

/** Several processes of a node tell their workers apart. */
function workersOf(window: readonly Series[]): number {
  const gauges = window.filter(({ metric }) => metric === 'vus');
  return gauges.reduce((sum, { aggregate }) => sum + (aggregate.kind === 'gauge' ? Math.max(0, aggregate.last) : 0), 0);
}

function cpuOf(window: readonly Series[]): number | null {
  const cpu = select(window, 'node_cpu');
  return cpu?.kind === 'gauge' && cpu.count > 0 ? Math.max(0, cpu.max) : null;
}

function p99Of(window: readonly Series[], metric: string): number | null {
  const lag = select(window, metric);
  return lag?.kind === 'trend' ? (lag.histogram.quantile(0.99) ?? null) : null;
}

function worseThan(now: number | null): (before: number | null) => number | null {
  return (before) => (before === null || now === null ? (before ?? now) : Math.max(before, now));
}

/** A copy whose columns can grow. */
function columnsOf<T extends object>(track: T): Columns<T> {
  const copy = Object.entries(track).map(([key, value]) => [
    key,
    Array.isArray(value) ? [...(value as unknown[])] : value,
  ]);
  return Object.fromEntries(copy) as Columns<T>;
}
