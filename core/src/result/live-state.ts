import { Histogram } from '../histogram/histogram.ts';
import type { HistogramJson } from '../histogram/histogram-json.ts';
import type { SeriesJson } from '../metrics/series.ts';
import { addLiveRequests, type LiveRequests, type LiveRequestTotals } from './live-requests.ts';

/** What a node says of itself every second while it runs: totals so far, and the latencies of the last second. */
export type LiveState = {
  readonly node: number;
  /** Epoch ms. */
  readonly atMs: number;
  /** Those of all protocols. */
  readonly requests: number;
  readonly failed: number;
  readonly iterations: number;
  readonly iterationsFailed: number;
  /** At work, as far as a scenario file says. */
  readonly workers?: number | undefined;
  /** Samples of any kind so far: all that a foreign program shows. */
  readonly samples: number;
  readonly faults: number;
  /** The entries of the schedule in force. */
  readonly activeFaults: readonly string[];
  /** Why points wait instead of being in the database; undefined while none do. */
  readonly storage?: string | undefined;
  /** Durations of the requests of the last whole second, ms. */
  readonly durations: HistogramJson;
  /** The most frequent request names. */
  readonly names?: readonly LiveRequests[] | undefined;
  /** Failed requests and iterations so far, by class. */
  readonly failures?: Readonly<Record<string, number>> | undefined;
  /** All samples so far of the metrics by which a threshold may end the run. */
  readonly series?: readonly SeriesJson[] | undefined;
};

/** The states of all nodes as one: totals added, latencies merged. */
export type LiveTotals = Omit<LiveState, 'node' | 'atMs' | 'durations' | 'names' | 'failures' | 'series'> & {
  readonly durations: Histogram;
  /** The most frequent first. */
  readonly names: readonly LiveRequestTotals[];
  readonly failures: Readonly<Record<string, number>>;
};

export function addLiveStates(states: readonly LiveState[]): LiveTotals {
  const sum = (pick: (one: LiveState) => number): number => states.reduce((total, one) => total + pick(one), 0);
  const durations = new Histogram();
  for (const state of states) durations.merge(Histogram.fromJSON(state.durations));
  return {
    requests: sum((one) => one.requests),
    failed: sum((one) => one.failed),
    iterations: sum((one) => one.iterations),
    iterationsFailed: sum((one) => one.iterationsFailed),
    workers: sum((one) => one.workers ?? 0),
    samples: sum((one) => one.samples),
    faults: sum((one) => one.faults),
    activeFaults: [...new Set(states.flatMap((one) => one.activeFaults))],
    storage: states.find((one) => one.storage !== undefined)?.storage,
    durations,
    names: addLiveRequests(states.map(({ names = [] }) => names)),
    failures: addCounts(states.map(({ failures = {} }) => failures)),
  };
}

function addCounts(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [key, count] of counts.flatMap(Object.entries<number>)) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries(sums);
}
