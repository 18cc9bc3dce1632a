import { METRICS, type Tags } from '@loads/core';
import type { SeriesRecorder } from '../recording/series-recorder.ts';

/**
 * A scenario's own metrics, with the names of hot-shots' calls. What is measured is aggregated, stamped with phase and fault
 * when it is measured, and sent each second with the run's other samples: nothing is sampled, nothing is lost unseen.
 * A metric has one kind, and names of Loads' own metrics are refused: both throw a TypeError.
 */
export type Stats = {
  /** Adds to a counter (default: 1). */
  increment(name: string, value?: number, tags?: Tags): void;
  /** A sample of a trend, ms (or any other unit, 0 or more). Throws a RangeError for a value that cannot be one. */
  timing(name: string, value: number, tags?: Tags): void;
  /** Sets a gauge, which keeps its last value. Each process of a node sets its own: of several, the last one stays. */
  gauge(name: string, value: number, tags?: Tags): void;
};

type Kind = 'counter' | 'trend' | 'gauge';

/** Distinct metrics of a process, and distinct sets of tags of all of them. */
const MOST_METRICS = 200;
const MOST_SERIES = 1000;
const OTHER = '(other)';

/** Takes the metrics of all scenarios of a process. */
export class CustomMetrics {
  readonly #series: SeriesRecorder;
  readonly #kinds = new Map<string, Kind>();
  readonly #identities = new Set<string>();

  constructor(series: SeriesRecorder) {
    this.#series = series;
  }

  /** What is measured on behalf of `scenario`. */
  for(scenario: () => string): Stats {
    return new ScenarioStats(this, scenario);
  }

  increment(name: string, value: number, tags: Tags): void {
    const [metric, all] = this.#identify(name, 'counter', tags);
    this.#series.counter(metric, all)(finite(name, value), performance.now());
  }

  timing(name: string, value: number, tags: Tags): void {
    const [metric, all] = this.#identify(name, 'trend', tags);
    if (!(value >= 0)) throw new RangeError(`${name} is a trend and takes numbers of 0 or more, not ${value}`);
    const nowMs = performance.now();
    this.#series.trend(metric, all)(finite(name, value), nowMs, nowMs);
  }

  gauge(name: string, value: number, tags: Tags): void {
    const [metric, all] = this.#identify(name, 'gauge', tags);
    this.#series.gauge(metric, all)(finite(name, value), performance.now());
  }

  /** The series of a sample. Beyond the limits a metric is `(other)` of its kind, and a set of tags the scenario alone. */
  #identify(name: string, kind: Kind, tags: Tags): [string, Tags] {
    const known = this.#kinds.get(name) ?? this.#newMetric(name, kind);
    if (known !== kind) throw new TypeError(`${name} is a ${known} already, and cannot be a ${kind}`);
    if (!this.#kinds.has(name)) return [`${OTHER} ${kind}`, only(tags)];
    const identity = [name, ...Object.entries(tags).flat()].join('\n');
    if (this.#identities.has(identity)) return [name, tags];
    if (this.#identities.size >= MOST_SERIES) return [name, only(tags)];
    this.#identities.add(identity);
    return [name, tags];
  }

  #newMetric(name: string, kind: Kind): Kind {
    if (name === '') throw new TypeError('a metric needs a name');
    if (Object.hasOwn(METRICS, name)) throw new TypeError(`${name} is a metric of Loads: choose another name`);
    if (this.#kinds.size < MOST_METRICS) this.#kinds.set(name, kind);
    return kind;
  }
}

/** Those of one worker or fixture: many, so each is as small as it can be. */
class ScenarioStats implements Stats {
  readonly #metrics: CustomMetrics;
  readonly #scenario: () => string;

  constructor(metrics: CustomMetrics, scenario: () => string) {
    this.#metrics = metrics;
    this.#scenario = scenario;
  }

  increment(name: string, value = 1, tags: Tags = {}): void {
    this.#metrics.increment(name, value, { ...tags, scenario: this.#scenario() });
  }

  timing(name: string, value: number, tags: Tags = {}): void {
    this.#metrics.timing(name, value, { ...tags, scenario: this.#scenario() });
  }

  gauge(name: string, value: number, tags: Tags = {}): void {
    this.#metrics.gauge(name, value, { ...tags, scenario: this.#scenario() });
  }
}

function only({ scenario = '' }: Tags): Tags {
  return { scenario };
}

function finite(name: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`${name} takes finite numbers, not ${value}`);
}
