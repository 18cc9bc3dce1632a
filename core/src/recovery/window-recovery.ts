import type { ClosedWindow } from './disturbance.ts';

/** What a fault did to the service: nothing to be seen, less or slower service, or hardly any. */
export type Effect = 'none' | 'degraded' | 'collapsed' | 'unknown';

/** One window of a fault and what came of it. Times are ms; `fromMs` and `toMs` from the start of the run. */
export type WindowRecovery = ClosedWindow & {
  readonly effect: Effect;
  /** From its begin to the end of the first step that shows it. */
  readonly detectionMs?: number | undefined;
  /** From its end until the run was as before. */
  readonly recoveryMs?: number | undefined;
  /** Why there is no `recoveryMs`. */
  readonly reason?: string | undefined;
  /** Other faults without a pause between: the times are those of all of them together. */
  readonly with?: readonly string[] | undefined;
  /** How exact the times are: the length of a step, ms. */
  readonly stepMs: number;
};
