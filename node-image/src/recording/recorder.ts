import { type PhaseStamp, SampleWindow, type Tags } from '@loads/core';
import type { RequestSample } from '../http/request-sample.ts';
import { ErrorGroups } from './error-groups.ts';
import type { LineSink } from './line-sink.ts';
import { RequestSeries } from './request-series.ts';

const MOST_NAMES = 500;
const OTHER_NAMES = '(other)';

/** Says where a sample stands that began and ended at these instants (ms of the process's monotonic clock). */
export type Stamp = (fromMs: number, toMs: number) => PhaseStamp;

type IterationSeries = { readonly tags: Tags; readonly duration: SampleWindow; ok: number; failed: number };
type Count = { readonly tags: Tags; ones: number; zeros: number };

/** What all workers of a process have measured since the last flush, aggregated as it comes in. */
export class Recorder {
  readonly #stamp: Stamp;
  readonly #requests = new Map<string, RequestSeries>();
  readonly #iterations = new Map<string, IterationSeries>();
  readonly #checks = new Map<string, Count>();
  readonly #failures = new Map<string, Count>();
  readonly #names = new Set<string>();
  readonly errors: ErrorGroups = new ErrorGroups();
  #cappedNames = 0;

  constructor(stamp: Stamp) {
    this.#stamp = stamp;
  }

  request(scenario: string, sample: RequestSample): void {
    const name = this.#capped(sample.name);
    const { phase, fault } = this.#stamp(sample.startMs, sample.endMs);
    const key = `${scenario}\n${name}\n${sample.method}\n${sample.status}\n${phase}\n${fault}`;
    let series = this.#requests.get(key);
    if (!series) {
      const { method, status } = sample;
      series = new RequestSeries(tagsOf({ scenario, name, method, status: String(status), phase, fault }));
      this.#requests.set(key, series);
    }
    series.record(sample);
    if (sample.failure) this.#failure(sample.failure, scenario, { phase, fault });
  }

  /** An iteration that ended at `toMs`. `failure` is the class of its own failure, beside those of its requests. */
  iteration(scenario: string, fromMs: number, toMs: number, failed: boolean, failure?: string): void {
    const { phase, fault } = this.#stamp(fromMs, toMs);
    const key = `${scenario}\n${phase}\n${fault}`;
    let series = this.#iterations.get(key);
    if (!series) {
      series = { tags: tagsOf({ scenario, phase, fault }), duration: new SampleWindow(), ok: 0, failed: 0 };
      this.#iterations.set(key, series);
    }
    series.duration.record(Math.max(0, toMs - fromMs));
    if (failed) series.failed += 1;
    else series.ok += 1;
    if (failure !== undefined) this.#failure(failure, scenario, { phase, fault });
  }

  check(scenario: string, check: string, ok: boolean, atMs: number): void {
    const { phase, fault } = this.#stamp(atMs, atMs);
    const count = countOf(this.#checks, `${scenario}\n${check}\n${phase}\n${fault}`, { scenario, check, phase, fault });
    if (ok) count.ones += 1;
    else count.zeros += 1;
  }

  /** Writes everything since the last flush. */
  flush(sink: LineSink): void {
    for (const series of this.#requests.values()) series.flush(sink);
    for (const series of this.#iterations.values()) flushIterations(series, sink);
    for (const count of this.#checks.values()) {
      sink.rate('checks', count.ones, count.zeros, count.tags);
      count.ones = count.zeros = 0;
    }
    for (const count of this.#failures.values()) {
      sink.counter('failures', count.ones, count.tags);
      count.ones = 0;
    }
    sink.counter('capped_names', this.#cappedNames, {});
    this.#cappedNames = 0;
  }

  #failure(failure: string, scenario: string, { phase, fault }: PhaseStamp): void {
    const tags = { class: failure, scenario, phase, fault };
    countOf(this.#failures, `${scenario}\n${failure}\n${phase}\n${fault}`, tags).ones += 1;
  }

  /** Names are capped: a scenario that puts ids into names must not fill the memory of the agent. */
  #capped(name: string): string {
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

function countOf(counts: Map<string, Count>, key: string, tags: Tags): Count {
  let count = counts.get(key);
  if (!count) {
    count = { tags: tagsOf(tags), ones: 0, zeros: 0 };
    counts.set(key, count);
  }
  return count;
}

/** The tags that have a value. */
function tagsOf(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ''));
}
