import type { ExitCode } from '../errors/exit-codes.ts';
import type { ErrorGroup } from '../link/messages.ts';
import type { MetricKind } from '../metrics/vocabulary.ts';
import type { Accounting } from '../result/accounting.ts';
import type { Phase } from '../schedule/phase.ts';
import type { ThresholdResult } from '../thresholds/evaluate.ts';
import type { Outcome } from '../verdict/verdict.ts';
import type { TrendStats } from './trend-stats.ts';

/** Requests of one name (or all), split into good and failed. `rate` is per second; durations are ms. */
export type RequestFigures = {
  readonly ok: number;
  readonly ko: number;
  readonly rate: number;
  readonly duration?: TrendStats | undefined;
};

export type RequestRow = RequestFigures & {
  readonly name: string;
  readonly phases: Readonly<Partial<Record<Phase, RequestFigures>>>;
};

export type IterationRow = {
  readonly scenario: string;
  readonly ok: number;
  readonly failed: number;
  readonly duration?: TrendStats | undefined;
};

export type CheckRow = { readonly name: string; readonly ok: number; readonly failed: number };
export type FailureRow = { readonly failure: string; readonly count: number };
export type FaultRow = {
  readonly fault: string;
  readonly proxy: string;
  readonly protocol: string;
  readonly behavior: string;
  readonly count: number;
};

/** A metric that is not Loads' own. Trends carry `trend`; `value` is a counter's sum, a gauge's last value, a set's size. */
export type CustomRow = {
  readonly metric: string;
  readonly kind: MetricKind;
  readonly value?: number | undefined;
  readonly rate?: number | undefined;
  readonly trend?: TrendStats | undefined;
};

export type NodeRow = {
  readonly node: number;
  readonly state: 'done' | 'lost';
  readonly lost?: string | undefined;
  /** ms after the first node. */
  readonly startSkewMs?: number | undefined;
  /** Mean CPU of the scenario process, 1 = one core. */
  readonly cpu?: number | undefined;
  readonly loopLagP99Ms?: number | undefined;
  readonly accounting?: Accounting | undefined;
  readonly commandExit?: number | undefined;
};

/** What a run was and what came of it: the content of `summary.json`. Times in ms, instants as epoch ms. */
export type Summary = {
  readonly version: 1;
  readonly run: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly exitCode: ExitCode;
  readonly reasons: readonly string[];
  /** What was let pass at the user's wish. */
  readonly tolerated: readonly string[];
  readonly startedAtMs?: number | undefined;
  readonly durationMs: number;
  readonly nodes: number;
  readonly workers: number;
  readonly seed: number;
  readonly total: RequestRow;
  readonly requests: readonly RequestRow[];
  readonly iterations: readonly IterationRow[];
  readonly interrupted: number;
  readonly checks: readonly CheckRow[];
  readonly failures: readonly FailureRow[];
  readonly errors: readonly ErrorGroup[];
  readonly thresholds: readonly ThresholdResult[];
  readonly faults: readonly FaultRow[];
  readonly custom: readonly CustomRow[];
  readonly accounting: Accounting;
  /** Samples missing; null when the accounts do not add up. */
  readonly lost: number | null;
  readonly startSkewMs?: number | undefined;
  readonly nodeRows: readonly NodeRow[];
};
