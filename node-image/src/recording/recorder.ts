import { type PhaseStamp, SampleWindow, type Tags } from '@loads/core';
import type { ConnectionError } from '../connection/connection-error.ts';
import type { RequestSample } from '../http/request-sample.ts';
import { CustomMetrics } from '../stats/stats.ts';
import { ByStamp } from './by-stamp.ts';
import { ErrorGroups } from './error-groups.ts';
import type { LineSink } from './line-sink.ts';
import { PairMap } from './pair-map.ts';
import { RequestKinds } from './request-kinds.ts';
import { RequestSeries } from './request-series.ts';
import { SeriesRecorder } from './series-recorder.ts';
import type { Stamp } from './stamp.ts';
import { tagsOf } from './tags-of.ts';

const MOST_NAMES = 500;
const OTHER_NAMES = '(other)';
/** Stands for the scenario of what belongs to no iteration. */
const OUTSIDE = '(outside of an iteration)';

type IterationSeries = { readonly tags: Tags; readonly duration: SampleWindow; ok: number; failed: number };
type Count = { readonly tags: Tags; ones: number; zeros: number };

/**
 * What all workers of a process have measured since the last flush, aggregated as it comes in. A sample finds its series
 * by the parts of its identity one after the other, and allocates nothing once the series is there.
 */
export class Recorder {
  readonly #stamp: Stamp;
  readonly #requests = new PairMap<RequestKinds<RequestSeries>>();
  readonly #iterations = new Map<string, ByStamp<IterationSeries>>();
  readonly #checks = new PairMap<ByStamp<Count>>();
  readonly #failures = new PairMap<ByStamp<Count>>();
  readonly #exits = new PairMap<ByStamp<Count>>();
  /** All series in the order of their first sample, for the flush. */
  readonly #all = {
    requests: [] as RequestSeries[],
    iterations: [] as IterationSeries[],
    checks: [] as Count[],
    failures: [] as Count[],
    exits: [] as Count[],
  };
  readonly #names = new Set<string>();
  readonly errors: ErrorGroups = new ErrorGroups();
  /** Metrics of other protocols than HTTP, and a scenario's own (`custom`). */
  readonly series: SeriesRecorder;
  readonly custom: CustomMetrics;
  #cappedNames = 0;

  constructor(stamp: Stamp) {
    this.#stamp = stamp;
    this.series = new SeriesRecorder(stamp);
    this.custom = new CustomMetrics(this.series);
  }

  /** A request that has ended, with its response's body as far as it came. */
  request(scenario: string, sample: RequestSample, body: readonly Buffer[] = []): void {
    const stamp = this.#stamp(sample.startMs, sample.endMs);
    const kinds = this.#requests.get(scenario, sample.name) ?? this.#newName(scenario, sample.name);
    kinds.at(sample, stamp).record(sample);
    if (sample.failure !== undefined) {
      this.#failure(sample.failure, scenario, stamp);
      this.errors.request(scenario, sample, body);
    }
  }

  /** A failure of something of this name on a connection of another protocol than HTTP; the same error counts once. */
  connectionFailure(scenario: string, name: string, error: ConnectionError, fromMs: number, toMs: number): void {
    if (this.errors.connection(scenario, name, error)) {
      this.#failure(error.failure, scenario, this.#stamp(fromMs, toMs));
    }
  }

  /** An iteration that ended at `toMs`. `failure` is the class of its own failure, beside those of its requests. */
  iteration(scenario: string, fromMs: number, toMs: number, failed: boolean, failure?: string): void {
    const stamp = this.#stamp(fromMs, toMs);
    const series = (this.#iterations.get(scenario) ?? this.#newScenario(scenario)).at(stamp);
    series.duration.record(Math.max(0, toMs - fromMs));
    if (failed) series.failed += 1;
    else series.ok += 1;
    if (failure !== undefined) this.#failure(failure, scenario, stamp);
  }

  /**
   * What was thrown at `atMs` outside of iterations, by a teardown of this name or where nobody caught it: a failure of its
   * own, beside that of the request that it may tell of.
   */
  outside(failure: 'uncaught' | 'teardown', error: unknown, atMs: number, name: string = OUTSIDE): void {
    this.#failure(failure, name, this.#stamp(atMs, atMs));
    this.errors.outside(name, failure, error);
  }

  /** A foreign program ended with this exit code. */
  commandExit(scenario: string, code: number, atMs: number): void {
    const counts = this.#exits.get(scenario, String(code)) ?? this.#newExit(scenario, String(code));
    counts.at(this.#stamp(atMs, atMs)).ones += 1;
  }

  /** A check; `group` is the step that it was made in, '' for none. */
  check(scenario: string, check: string, ok: boolean, atMs: number, group = ''): void {
    const key = group === '' ? check : `${check}\n${group}`;
    const counts = this.#checks.get(scenario, key) ?? this.#newCheck(scenario, check, key, group);
    const count = counts.at(this.#stamp(atMs, atMs));
    if (ok) count.ones += 1;
    else count.zeros += 1;
  }

  /** Writes everything since the last flush. */
  flush(sink: LineSink): void {
    const { requests, iterations, checks, failures, exits } = this.#all;
    for (const series of requests) series.flush(sink);
    for (const series of iterations) flushIterations(series, sink);
    this.series.flush(sink);
    for (const count of checks) {
      sink.rate('checks', count.ones, count.zeros, count.tags);
      count.ones = count.zeros = 0;
    }
    for (const [metric, counts] of [
      ['failures', failures],
      ['command_exits', exits],
    ] as const) {
      for (const count of counts) {
        sink.counter(metric, count.ones, count.tags);
        count.ones = 0;
      }
    }
    sink.counter('capped_names', this.#cappedNames, {});
    this.#cappedNames = 0;
  }

  #failure(failure: string, scenario: string, stamp: PhaseStamp): void {
    const counts = this.#failures.get(scenario, failure) ?? this.#newFailure(scenario, failure);
    counts.at(stamp).ones += 1;
  }

  /** The kinds of a name that is not known under this scenario, or beyond the limit. */
  #newName(scenario: string, wanted: string): RequestKinds<RequestSeries> {
    const name = this.capped(wanted);
    const known = this.#requests.get(scenario, name);
    if (known !== undefined) return known;
    const kinds = new RequestKinds(({ method, status, group }, { phase, fault }) =>
      added(
        this.#all.requests,
        new RequestSeries(tagsOf({ scenario, name, method, status: String(status), group, phase, fault })),
      ),
    );
    this.#requests.set(scenario, name, kinds);
    return kinds;
  }

  #newScenario(scenario: string): ByStamp<IterationSeries> {
    const series = new ByStamp(({ phase, fault }) => {
      const tags = tagsOf({ scenario, phase, fault });
      return added(this.#all.iterations, { tags, duration: new SampleWindow(), ok: 0, failed: 0 });
    });
    this.#iterations.set(scenario, series);
    return series;
  }

  #newCheck(scenario: string, check: string, key: string, group: string): ByStamp<Count> {
    const counts = countsOf(this.#all.checks, { scenario, check, group });
    this.#checks.set(scenario, key, counts);
    return counts;
  }

  #newFailure(scenario: string, failure: string): ByStamp<Count> {
    const counts = countsOf(this.#all.failures, { class: failure, scenario });
    this.#failures.set(scenario, failure, counts);
    return counts;
  }

  #newExit(scenario: string, code: string): ByStamp<Count> {
    const counts = countsOf(this.#all.exits, { code, scenario });
    this.#exits.set(scenario, code, counts);
    return counts;
  }

  /** Names are capped: a scenario that puts ids into names must not fill the memory of the agent. */
  capped(name: string): string {
    if (this.#names.has(name)) return name;
    if (this.#names.size < MOST_NAMES) {
      this.#names.add(name);
      return name;
    }
    this.#cappedNames += 1;
    return OTHER_NAMES;
  }
}

function flushIterations(series: IterationSeries, sink: LineSink): void {
  sink.counter('iterations', series.ok + series.failed, series.tags);
  sink.rate('iteration_failed', series.failed, series.ok, series.tags);
  sink.trend('iteration_duration', series.duration, series.tags);
  series.ok = series.failed = 0;
}

function countsOf(all: Count[], tags: Tags): ByStamp<Count> {
  return new ByStamp(({ phase, fault }) => added(all, { tags: tagsOf({ ...tags, phase, fault }), ones: 0, zeros: 0 }));
}

function added<S>(all: S[], series: S): S {
  all.push(series);
  return series;
}
