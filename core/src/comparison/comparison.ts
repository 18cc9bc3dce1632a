import type { Effect as ServiceEffect } from '../recovery/window-recovery.ts';
import type { Effect } from './cliffs-delta.ts';
import type { Estimate } from './estimate.ts';
import type { QuantileName } from './quantiles.ts';
import type { Part, RunBrief } from './run-figures.ts';

/** What became of a figure; `too-few`: there are too few samples to say it. */
export type Change = 'better' | 'same' | 'worse' | 'too-few';

/** What is compared: quantiles of the duration in ms, and the share of failures (0-1). */
export type FigureName = QuantileName | 'failures';

/** One figure before and after, in its unit. */
export type FigureChange = {
  readonly figure: FigureName;
  readonly a: number;
  readonly b: number;
  /** b - a with its 99 % interval; undefined where there are too few samples for one. */
  readonly difference?: Estimate | undefined;
  /** A difference up to this does not matter. */
  readonly limit: number;
  readonly change: Change;
  /** Whether it decides; p99 is only shown. */
  readonly judged: boolean;
  /** The figure of every single run, where a side has several. */
  readonly perRun?: { readonly a: readonly number[]; readonly b: readonly number[] } | undefined;
};

/** One part of both runs. */
export type PartComparison = Part & {
  readonly samples: { readonly a: number; readonly b: number };
  readonly figures: readonly FigureChange[];
  readonly effect?: Effect | undefined;
  readonly change: Change;
};

/** What one entry of the schedule did to either run. */
export type FaultComparison = {
  readonly fault: string;
  /** Undefined where no request met it in both runs. */
  readonly change?: Change | undefined;
  readonly a?: FaultSide | undefined;
  readonly b?: FaultSide | undefined;
};

export type FaultSide = {
  readonly effect?: ServiceEffect | undefined;
  readonly failedBecause?: number | undefined;
  /** ms. */
  readonly recoveryMs?: number | undefined;
};

/** Something that the two runs are not alike in. */
export type Unlike = {
  readonly what: string;
  readonly a?: string | undefined;
  readonly b?: string | undefined;
  /** It concerns the load or the faults, so figures may differ because of it. */
  readonly load: boolean;
};

/** A threshold that both had, and that held in one of them only. */
export type ThresholdChange = {
  readonly metric: string;
  readonly expression: string;
  readonly a: boolean;
  readonly b: boolean;
};

/** How much may change without being worth a word. */
export type Tolerance = {
  /** Of what it was before, 0-1: of durations, and of the share of failures. */
  readonly ratio: number;
  /** Durations: at least this, ms. */
  readonly leastMs: number;
};

/** Two runs compared: `a` is what was before. */
export type Comparison = {
  readonly version: 1;
  readonly a: RunBrief;
  readonly b: RunBrief;
  /** The runs of each side, where one has several: `a` and `b` are all of them together. */
  readonly runs?: { readonly a: readonly string[]; readonly b: readonly string[] } | undefined;
  readonly tolerance: Tolerance;
  /** Of the intervals, 0-1. */
  readonly confidence: number;
  readonly change: Change;
  readonly parts: readonly PartComparison[];
  readonly faults: readonly FaultComparison[];
  /** The fault under which the runs differ most. */
  readonly separatedBy?: string | undefined;
  readonly thresholds: readonly ThresholdChange[];
  readonly unlike: readonly Unlike[];
  /** Parts that only one of the runs has. */
  readonly onlyInA: readonly Part[];
  readonly onlyInB: readonly Part[];
};
