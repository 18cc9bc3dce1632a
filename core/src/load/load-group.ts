import type { Spacing } from './arrivals.ts';
import type { Profile } from './profile.ts';

/** How a group of scenarios makes load. Counts are those of the whole run, over all nodes; times in ms. */
export type LoadModel =
  /** Closed: workers that run iteration after iteration, as many at a time as the profile says. */
  | { readonly kind: 'workers'; readonly profile: Profile }
  /** Closed: so many iterations, shared among workers. */
  | { readonly kind: 'iterations'; readonly workers: number; readonly iterations: number; readonly rampUpMs: number }
  /** Closed: round after round, each with so many workers that run `hits` iterations each. */
  | { readonly kind: 'hits'; readonly rounds: readonly Round[]; readonly rampUpMs: number }
  /** Closed: every worker runs every scenario once, in the order in which they were declared. */
  | { readonly kind: 'once'; readonly workers: number }
  /** Open: iterations begin when they are due, whether or not earlier ones have ended. The profile is per second. */
  | {
      readonly kind: 'arrivals';
      readonly profile: Profile;
      readonly spacing: Spacing;
      /** Made before the start. */
      readonly workers: number;
      /** The most that there may be; an arrival that finds all of them busy is dropped. */
      readonly maxWorkers: number;
    };

export type Round = { readonly workers: number; readonly hits: number };

/** A pause that is drawn evenly between two lengths, ms. */
export type Pause = { readonly minMs: number; readonly maxMs: number };

/** Scenarios with a load model of their own. */
export type LoadGroup = {
  /** The one scenario that it runs; undefined: all, by weight. */
  readonly scenario?: string | undefined;
  /** When it begins, from the start of the run. */
  readonly atMs: number;
  /** For how long iterations may begin; null: until the model has none left. */
  readonly durationMs: number | null;
  readonly model: LoadModel;
  /** Between the end of an iteration and the begin of the worker's next one. */
  readonly delay?: Pause | undefined;
  /** The least time from the begin of an iteration to the begin of the worker's next one. */
  readonly pacingMs?: number | undefined;
  /** The most iterations of one worker. */
  readonly maxRuns?: number | undefined;
};

/** The most workers that a model has at a time. */
export function capacityOf(model: LoadModel): number {
  switch (model.kind) {
    case 'workers':
      return Math.ceil(Math.max(0, ...model.profile.flatMap(({ from, to }) => [from, to])));
    case 'hits':
      return Math.max(...model.rounds.map(({ workers }) => workers));
    case 'arrivals':
      return model.maxWorkers;
    default:
      return model.workers;
  }
}
