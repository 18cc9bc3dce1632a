import type { Tags } from '@loads/core';
import type { LineSink } from '../recording/line-sink.ts';
import { type Counter, SeriesRecorder, type Trend } from '../recording/series-recorder.ts';
import type { Stamp } from '../recording/stamp.ts';
import { NameCap } from './name-cap.ts';

/** How well arrivals of one scenario keep their plan. */
type Arrivals = { readonly lag: Trend; readonly duration: Trend; readonly dropped: Counter };

/** What the load model itself measures: how well its schedule is kept, how long steps take, how many workers there are. */
export class LoadRecorder {
  readonly #series: SeriesRecorder;
  readonly #arrivals = new Map<string, Arrivals>();
  readonly #groups = new NameCap();
  readonly #gaugeTags: Tags;
  /** Workers that are at work now. */
  workers: () => number = () => 0;

  /** `process` is the number of the process on its node, where there are several. */
  constructor(stamp: Stamp, process?: number) {
    this.#series = new SeriesRecorder(stamp);
    this.#gaugeTags = process === undefined ? {} : { process: String(process) };
  }

  /** An iteration of an open model that was planned for `plannedMs`, began at `fromMs` and ended at `toMs`. */
  planned(scenario: string, plannedMs: number, fromMs: number, toMs: number): void {
    const { lag, duration } = this.#arrivalsOf(scenario);
    lag(fromMs - plannedMs, plannedMs, fromMs);
    duration(toMs - plannedMs, plannedMs, toMs);
  }

  /** An iteration that was planned for `plannedMs` and could not begin. */
  dropped(scenario: string, plannedMs: number): void {
    this.#arrivalsOf(scenario).dropped(1, plannedMs);
  }

  /** The name of a step, below those around it, as it is measured. */
  groupName(path: readonly string[]): string {
    return this.#groups.capped(path.join('::'));
  }

  /** A step that ended at `toMs`. */
  step(scenario: string, group: string, fromMs: number, toMs: number): void {
    this.#series.trend('group_duration', { scenario, group })(toMs - fromMs, fromMs, toMs);
  }

  /** Writes everything since the last flush. */
  flush(sink: LineSink): void {
    this.#series.flush(sink);
  }

  /** Writes how many workers are at work. */
  flushWorkers(sink: LineSink): void {
    sink.gauge('vus', this.workers(), this.#gaugeTags);
  }

  #arrivalsOf(scenario: string): Arrivals {
    let arrivals = this.#arrivals.get(scenario);
    if (arrivals === undefined) {
      arrivals = {
        lag: this.#series.trend('schedule_lag', { scenario }),
        duration: this.#series.trend('iteration_planned_duration', { scenario }),
        dropped: this.#series.counter('dropped_iterations', { scenario }),
      };
      this.#arrivals.set(scenario, arrivals);
    }
    return arrivals;
  }
}
