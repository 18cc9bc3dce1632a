import { Histogram } from '../histogram/histogram.ts';
import type { HistogramJson } from '../histogram/histogram-json.ts';

/** What a node says of itself every second while it runs: totals so far, and the latencies of the last second. */
export type LiveState = {
  readonly node: number;
  /** Epoch ms. */
  readonly atMs: number;
  readonly requests: number;
  readonly failed: number;
  readonly iterations: number;
  readonly iterationsFailed: number;
  /** Samples of any kind so far: all that a foreign program shows. */
  readonly samples: number;
  readonly faults: number;
  /** The entries of the schedule in force. */
  readonly activeFaults: readonly string[];
  /** `http_req_duration` of the last whole second, ms. */
  readonly durations: HistogramJson;
};

/** The states of all nodes as one: totals added, latencies merged. */
export type LiveTotals = Omit<LiveState, 'node' | 'atMs' | 'durations'> & { readonly durations: Histogram };

export function addLiveStates(states: readonly LiveState[]): LiveTotals {
  const sum = (pick: (one: LiveState) => number): number => states.reduce((total, one) => total + pick(one), 0);
  const durations = new Histogram();
  for (const state of states) durations.merge(Histogram.fromJSON(state.durations));
  return {
    requests: sum((one) => one.requests),
    failed: sum((one) => one.failed),
    iterations: sum((one) => one.iterations),
    iterationsFailed: sum((one) => one.iterationsFailed),
    samples: sum((one) => one.samples),
    faults: sum((one) => one.faults),
    activeFaults: [...new Set(states.flatMap((one) => one.activeFaults))],
    durations,
  };
}
