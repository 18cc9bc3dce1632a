import { SampleWindow, type Tags } from '@loads/core';
import type { LineSink } from '../recording/line-sink.ts';
import type { Stamp } from '../recording/stamp.ts';
import { NameCap } from './name-cap.ts';

type Trend = { readonly metric: string; readonly tags: Tags; readonly window: SampleWindow };
type Count = { readonly tags: Tags; count: number };

/** What the load model itself measures: how well its schedule is kept, how long steps take, how many workers there are. */
export class LoadRecorder {
  readonly #stamp: Stamp;
  readonly #trends = new Map<string, Trend>();
  readonly #dropped = new Map<string, Count>();
  readonly #groups = new NameCap();
  readonly #gaugeTags: Tags;
  /** Workers that are at work now. */
  workers: () => number = () => 0;

  /** `process` is the number of the process on its node, where there are several. */
  constructor(stamp: Stamp, process?: number) {
    this.#stamp = stamp;
    this.#gaugeTags = process === undefined ? {} : { process: String(process) };
  }

  /** An iteration of an open model that was planned for `plannedMs`, began at `fromMs` and ended at `toMs`. */
  planned(scenario: string, plannedMs: number, fromMs: number, toMs: number): void {
    this.#trend('schedule_lag', { scenario }, plannedMs, fromMs);
    this.#trend('iteration_planned_duration', { scenario }, plannedMs, toMs);
  }

  /** An iteration that was planned for `plannedMs` and could not begin. */
  dropped(scenario: string, plannedMs: number): void {
    const { phase, fault } = this.#stamp(plannedMs, plannedMs);
    const key = `${scenario}\n${phase}\n${fault}`;
    const known = this.#dropped.get(key);
    if (known) known.count += 1;
    else this.#dropped.set(key, { tags: tagsOf({ scenario, phase, fault }), count: 1 });
  }

  /** The name of a step, below those around it, as it is measured. */
  groupName(path: readonly string[]): string {
    return this.#groups.capped(path.join('::'));
  }

  /** A step that ended at `toMs`. */
  step(scenario: string, group: string, fromMs: number, toMs: number): void {
    this.#trend('group_duration', { scenario, group }, fromMs, toMs);
  }

  /** Writes everything since the last flush. */
  flush(sink: LineSink): void {
    for (const { metric, tags, window } of this.#trends.values()) sink.trend(metric, window, tags);
    for (const count of this.#dropped.values()) {
      sink.counter('dropped_iterations', count.count, count.tags);
      count.count = 0;
    }
  }

  /** Writes how many workers are at work. */
  flushWorkers(sink: LineSink): void {
    sink.gauge('vus', this.workers(), this.#gaugeTags);
  }

  #trend(metric: string, tags: Tags, fromMs: number, toMs: number): void {
    const { phase, fault } = this.#stamp(fromMs, toMs);
    const key = `${metric}\n${tags.scenario}\n${tags.group ?? ''}\n${phase}\n${fault}`;
    let trend = this.#trends.get(key);
    if (!trend) {
      trend = { metric, tags: tagsOf({ ...tags, phase, fault }), window: new SampleWindow() };
      this.#trends.set(key, trend);
    }
    trend.window.record(Math.max(0, toMs - fromMs));
  }
}

/** The tags that have a value. */
function tagsOf(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ''));
}
