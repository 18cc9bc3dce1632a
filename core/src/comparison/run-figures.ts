import type { Histogram } from '../histogram/histogram.ts';
import type { Effect } from '../recovery/window-recovery.ts';
import type { Phase } from '../schedule/phase.ts';
import type { Outcome } from '../verdict/verdict.ts';
import type { Clustering } from './clustering.ts';

/** The phases in which runs are compared: what setup and teardown do is no load. */
export type ComparedPhase = Exclude<Phase, 'setup' | 'teardown'>;

/** Which samples of a run: those of a request (or of a scenario's iterations, or all), in a phase or under a fault. */
export type Part = {
  readonly metric: string;
  /** Undefined: all of the metric together. */
  readonly name?: string | undefined;
  readonly phase?: ComparedPhase | undefined;
  /** An entry of the schedule. */
  readonly fault?: string | undefined;
};

/** What was measured in one part of a run. */
export type PartFigures = Part & {
  /** How long they took, ms. */
  readonly durations: Histogram;
  readonly count: number;
  readonly failed: number;
  readonly clustering: Clustering;
};

/** What an entry of the schedule did to the service; of several windows the worst, times in ms. */
export type FaultOutcome = {
  readonly fault: string;
  readonly effect: Effect;
  /** Requests that failed beyond those that fail in the steady phase. */
  readonly failedBecause: number;
  /** Undefined where it is not known of every window. */
  readonly recoveryMs?: number | undefined;
};

/** What a run was. The texts are for readers, and are compared as such. */
export type RunBrief = {
  readonly run: string;
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly requests: number;
  readonly requestsFailed: number;
  /** Requests per second over the whole run. */
  readonly rate: number;
  /** Arrivals of an open model that found no worker. */
  readonly dropped: number;
  /** By which the user knows it. */
  readonly labels: Readonly<Record<string, string>>;
  /** What makes runs comparable where it is the same: load, nodes, faults. */
  readonly load: Readonly<Record<string, string>>;
  /** What it was made of and with: target, revision, host, versions. */
  readonly made: Readonly<Record<string, string>>;
};

/** All of a run that a comparison needs, in a few kilobytes: the content of a baseline file. */
export type RunFigures = RunBrief & {
  readonly parts: readonly PartFigures[];
  readonly faults: readonly FaultOutcome[];
  readonly thresholds: readonly { readonly metric: string; readonly expression: string; readonly ok: boolean }[];
};

/** What tells one part from another. */
export function partKey({ metric, name, phase, fault }: Part): string {
  return JSON.stringify([metric, name ?? null, phase ?? null, fault ?? null]);
}
