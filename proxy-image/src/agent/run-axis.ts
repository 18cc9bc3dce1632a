import {
  type CumulativeOver,
  cumulativeInstant,
  cumulativePoints,
  cumulativeSeries,
  type DataPoint,
  ELAPSED_FIELD,
  type Series,
  TAGS,
  type Tags,
} from '@loads/core';

/**
 * Puts points on the axis of their run: each learns how many seconds after its start it was taken, and the latencies are
 * gathered into steps of the run whose cumulative buckets add up over the nodes.
 */
export class RunAxis {
  readonly #tags: Tags;
  readonly #elapsed: (atMs: number) => number | undefined;
  readonly #gatherers: readonly Gatherer[] = [new Gatherer('all'), new Gatherer('names')];

  /** `tags` are those of every point; `elapsed` says how many ms an instant (epoch ms) is after the start of the run. */
  constructor(tags: Tags, elapsed: (atMs: number) => number | undefined) {
    this.#tags = tags;
    this.#elapsed = elapsed;
  }

  /** The points of a window that ended at `atMs`, with the seconds since the start; but not the buckets of heat maps. */
  stamp(points: readonly DataPoint[], atMs: number): readonly DataPoint[] {
    const elapsed = this.#elapsed(atMs);
    if (elapsed === undefined) return points;
    return points.map((point) => (point.tags[TAGS.le] === undefined ? stamped(point, elapsed) : point));
  }

  /**
   * Gathers the latencies of a window that ended at `atMs`. Gives the points of the steps that are over, at an instant
   * that is the same on all nodes; the `last` window of the run ends its steps early.
   */
  gather(window: readonly Series[], atMs: number, last: boolean): readonly DataPoint[] {
    const elapsed = this.#elapsed(atMs);
    if (elapsed === undefined) return [];
    return this.#gatherers.flatMap((gatherer) => {
      const step = gatherer.take(window, elapsed, last);
      if (!step) return [];
      const points = cumulativePoints(step.series, this.#tags, atMs - elapsed + step.endMs);
      return points.map((point) => stamped(point, step.endMs));
    });
  }
}

/** Keeps the latencies of windows until their step is over. Times are ms since the start of the run. */
class Gatherer {
  readonly #over: CumulativeOver;
  #gathered: readonly Series[] = [];
  #endedMs = 0;

  constructor(over: CumulativeOver) {
    this.#over = over;
  }

  take(
    window: readonly Series[],
    elapsed: number,
    last: boolean,
  ): { readonly series: readonly Series[]; readonly endMs: number } | undefined {
    this.#gathered = cumulativeSeries(this.#over, [...this.#gathered, ...window]);
    const endMs = last ? elapsed : cumulativeInstant(this.#over, elapsed);
    if (endMs <= this.#endedMs) return undefined;
    this.#endedMs = endMs;
    const series = this.#gathered;
    this.#gathered = [];
    return { series, endMs };
  }
}

function stamped(point: DataPoint, elapsedMs: number): DataPoint {
  return { ...point, fields: { ...point.fields, [ELAPSED_FIELD]: elapsedMs / 1000 } };
}
