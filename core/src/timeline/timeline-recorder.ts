import { type Series, select } from '../metrics/series.ts';
import type { FaultWindow } from './fault-window.ts';
import { type Latencies, latenciesOf, mergeLatencies } from './latencies.ts';
import { coarsenedLoad, type LoadTrack } from './load-track.ts';
import { totalsOf } from './protocol-tracks.ts';
import {
  ALL_REQUESTS,
  compareTracks,
  emptyTimeline,
  emptyTrack,
  MOST_NAME_STEPS,
  MOST_NAMES,
  MOST_STEPS,
  OTHER_REQUESTS,
  STEP_MS,
  type Timeline,
  trackKey,
} from './timeline.ts';
import { coarsened, padded, type Track } from './track.ts';
import { type Requests, requestsIn } from './window-requests.ts';

type Columns<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Value)[] ? Value[] : T[Key] };

/** Takes window after window of a node's series, and keeps what a timeline tells of them. */
export class TimelineRecorder {
  #load = columnsOf(emptyTimeline().load);
  #nameStepMs = STEP_MS;
  readonly #protocols = new Map<string, Columns<Track>>();
  readonly #names = new Map<string, Columns<Track>>();

  /** Adds what came in during one second, or less; `fromMs` is its begin, from the start of the run. */
  add(window: readonly Series[], fromMs: number): void {
    const inRun = window.filter(({ tags }) => tags.phase !== 'setup' && tags.phase !== 'teardown');
    const atMs = Math.max(0, fromMs);
    while (atMs >= this.#load.stepMs * MOST_STEPS) {
      this.#load = columnsOf(coarsenedLoad(this.#load, this.#load.stepMs * 2));
      coarsenAll(this.#protocols, this.#load.stepMs);
    }
    while (atMs >= this.#nameStepMs * MOST_NAME_STEPS) {
      this.#nameStepMs *= 2;
      coarsenAll(this.#names, this.#nameStepMs);
    }
    for (const requests of requestsIn(inRun, (name) => this.#protocolOf(name))) {
      addRequests(this.#nameTrack(requests), requests, atMs);
      addRequests(this.#protocolTrack(requests), requests, atMs);
    }
    addLoad(this.#load, inRun, atMs);
  }

  /** What has been taken so far, with the fault windows of the node. It does not change any more. */
  timeline(windows: readonly FaultWindow[]): Timeline {
    const load = columnsOf(this.#load);
    const idle = padded({ ...emptyTrack(ALL_REQUESTS), stepMs: load.stepMs }, load.iterations.length);
    const requests = [...this.#names.values()].map(columnsOf).sort(compareTracks);
    return { ...totalsOf([...this.#protocols.values()].map(columnsOf), idle), requests, load, windows };
  }

  #protocolTrack({ protocol }: Requests): Columns<Track> {
    const track = this.#protocols.get(protocol) ?? newTrack(ALL_REQUESTS, protocol, this.#load.stepMs);
    this.#protocols.set(protocol, track);
    return track;
  }

  #nameTrack({ protocol, name: wanted }: Requests): Columns<Track> {
    const known = this.#names.get(trackKey({ protocol, name: wanted }));
    if (known) return known;
    const name = this.#names.size < MOST_NAMES ? wanted : OTHER_REQUESTS;
    const key = trackKey({ protocol, name });
    const track = this.#names.get(key) ?? newTrack(name, protocol, this.#nameStepMs);
    this.#names.set(key, track);
    return track;
  }

  /** What speaks under a name that has bytes and nothing else in a window. */
  #protocolOf(name: string): string | undefined {
    const known = [...this.#names.values()].find((track) => track.name === name)?.protocol;
    return known ?? this.#protocols.keys().next().value;
  }
}

function newTrack(name: string, protocol: string, stepMs: number): Columns<Track> {
  const { name: _, ...empty } = emptyTrack(name);
  return columnsOf({ name, protocol, ...empty, stepMs });
}

function coarsenAll(tracks: Map<string, Columns<Track>>, stepMs: number): void {
  for (const [key, track] of tracks) tracks.set(key, columnsOf(coarsened(track, stepMs)));
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
