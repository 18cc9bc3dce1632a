import type { ExitCode } from '../errors/exit-codes.ts';
import type { ErrorGroup } from '../link/messages.ts';
import type { Scaling } from '../load/scale.ts';
import type { MetricKind } from '../metrics/metric-definition.ts';
import type { FaultRecovery } from '../recovery/recovery.ts';
import type { Accounting } from '../result/accounting.ts';
import type { FaultMark } from '../result/fault-span.ts';
import type { Phase } from '../schedule/phase.ts';
import type { ThresholdResult } from '../thresholds/evaluate.ts';
import type { Abort } from '../verdict/abort.ts';
import type { Outcome } from '../verdict/verdict.ts';
import type { TrendStats } from './trend-stats.ts';

/**
 * Requests of one name (or all), split into good and failed. `rate` is per second; durations are ms. What a request is in each
 * protocol, `REQUEST_METRICS` says: a call, or a connection with the times of the waits on it.
 */
export type RequestFigures = {
  readonly ok: number;
  readonly ko: number;
  readonly rate: number;
  readonly duration?: TrendStats | undefined;
};

export type RequestRow = RequestFigures & {
  readonly name: string;
  /** One of `REQUEST_METRICS`; undefined for those of all. */
  readonly protocol?: string | undefined;
  readonly phases: Readonly<Partial<Record<Phase, RequestFigures>>>;
};

export type IterationRow = {
  readonly scenario: string;
  readonly ok: number;
  readonly failed: number;
  readonly duration?: TrendStats | undefined;
};

/** A step of a scenario (`group_duration`), its name below those of the steps around it. */
export type StepRow = { readonly scenario: string; readonly name: string; readonly duration?: TrendStats | undefined };

/** How well the plan of an open model was kept: how late iterations began (ms), and how many could not begin. */
export type ScheduleRow = {
  readonly dropped: number;
  readonly lag?: TrendStats | undefined;
  /** How long iterations took from their actual begin, and from the planned one (ms): the gap is the generator's, or its workers'. */
  readonly fromStart?: TrendStats | undefined;
  readonly fromPlan?: TrendStats | undefined;
};

export type CheckRow = { readonly name: string; readonly ok: number; readonly failed: number };
export type CommandExitRow = { readonly code: number; readonly count: number };
export type FailureRow = { readonly failure: string; readonly count: number };
export type FaultRow = {
  readonly fault: string;
  readonly proxy: string;
  readonly protocol: string;
  readonly behavior: string;
  readonly count: number;
  /** The first and the last of them; undefined where only their count is known. */
  readonly first?: FaultMark | undefined;
  readonly last?: FaultMark | undefined;
};

/**
 * A metric of a scenario's own, or of another protocol than HTTP. Trends carry `trend`; `value` is a counter's sum, a gauge's last
 * value, a set's size, a rate's share of ones (0-1).
 */
export type CustomRow = {
  readonly metric: string;
  readonly kind: MetricKind;
  readonly value?: number | undefined;
  /** Of a gauge, over all its values. */
  readonly range?: { readonly min: number; readonly avg: number; readonly max: number } | undefined;
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
  /** The most resident memory of a scenario process of the node. */
  readonly memoryBytes?: number | undefined;
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
  /** What does not keep the run from being judged, and is worth a look. */
  readonly warnings?: readonly string[] | undefined;
  /** The threshold that ended the run. */
  readonly aborted?: Abort | undefined;
  readonly startedAtMs?: number | undefined;
  readonly durationMs: number;
  readonly nodes: number;
  readonly workers: number;
  /** How that number was set while the run went on. */
  readonly scalings?: readonly Scaling[] | undefined;
  readonly seed: number;
  readonly total: RequestRow;
  readonly requests: readonly RequestRow[];
  readonly iterations: readonly IterationRow[];
  readonly interrupted: number;
  /** The exit codes of a command's programs, the most frequent first; undefined without a command. */
  readonly commandExits?: readonly CommandExitRow[] | undefined;
  readonly steps?: readonly StepRow[] | undefined;
  readonly schedule?: ScheduleRow | undefined;
  readonly checks: readonly CheckRow[];
  readonly failures: readonly FailureRow[];
  readonly errors: readonly ErrorGroup[];
  readonly thresholds: readonly ThresholdResult[];
  readonly faults: readonly FaultRow[];
  /** How the service got over each entry of the schedule. */
  readonly recovery?: readonly FaultRecovery[] | undefined;
  readonly custom: readonly CustomRow[];
  readonly accounting: Accounting;
  /** Samples missing; null when the accounts do not add up. */
  readonly lost: number | null;
  readonly startSkewMs?: number | undefined;
  readonly nodeRows: readonly NodeRow[];
};
