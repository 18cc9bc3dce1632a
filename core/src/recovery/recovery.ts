import { type Series, select } from '../metrics/series.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { type Comparison, compare, type Troubled } from './compare.ts';
import { type ClosedWindow, closedWindows, type Disturbance, disturbances } from './disturbance.ts';
import { pooled, type RunStep } from './run-step.ts';
import { goodPace, isSteady, type SteadyState } from './steady-state.ts';

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

/** An entry of the schedule, with all of its windows. */
export type FaultRecovery = {
  readonly fault: string;
  readonly windows: readonly WindowRecovery[];
  /** Requests that overlapped it, and those of them that failed. */
  readonly requests: number;
  readonly failed: number;
  /** How many of these are beyond what fails in the steady phase. */
  readonly failedBecause: number;
};

type Measured = { readonly series: readonly Series[]; readonly timeline: Timeline; readonly durationMs: number };

/** So many steps together have to be steady. */
const ROW = 3;
/** A share of the steady pace below which there is hardly any service. */
const COLLAPSED = 0.1;
/** The part of a step by which a fault may end in it and not count. */
const HAIR = 0.1;

/** How a run got over its faults, entry by entry in the order of the schedule. The definitions are in docs/verdict.md. */
export function recoveries(plan: RunPlan, { series, timeline, durationMs }: Measured): readonly FaultRecovery[] {
  const endMs = Math.min(durationMs, plan.durationMs ?? durationMs);
  const groups = disturbances(closedWindows(plan.schedule, timeline.windows, endMs));
  const judged: Judged[] = [];
  for (const [i, group] of groups.entries()) {
    const untilMs = groups[i + 1]?.fromMs ?? endMs;
    const troubled = judged.map((one) => one.troubled);
    judged.push(judge({ plan, timeline, group, untilMs, endMs, troubled }));
  }
  return [...new Set(plan.schedule.map(({ name }) => name))].flatMap((fault): readonly FaultRecovery[] => {
    const windows = judged.flatMap(({ windows: all }) => all.filter((window) => window.fault === fault));
    if (windows.length === 0) return [];
    const steady = judged.find((one) => one.windows.some((window) => window.fault === fault))?.steady;
    return [{ fault, windows, ...failuresOf(fault, series, steady?.failedRatio ?? 0) }];
  });
}

function failuresOf(fault: string, series: readonly Series[], ratio: number): Omit<FaultRecovery, 'fault' | 'windows'> {
  const found = select(series, 'http_req_failed', { fault });
  if (found?.kind !== 'rate') return { requests: 0, failed: 0, failedBecause: 0 };
  const { count: requests, sum: failed } = found;
  return { requests, failed, failedBecause: Math.max(0, Math.round(failed - ratio * requests)) };
}

type Judged = {
  readonly windows: readonly WindowRecovery[];
  readonly steady: SteadyState | undefined;
  readonly troubled: Troubled;
};

type Case = Comparison & {
  /** When the next one begins, or the load ends. */
  readonly untilMs: number;
};

/** Judges one disturbance. */
function judge(one: Case): Judged {
  const { group, untilMs, endMs } = one;
  const { steps, steady, stepMs } = compare(one);
  if (!steady) {
    const reason = steps.some(({ count }) => count > 0)
      ? 'there is too little of a steady phase to compare with'
      : 'there are no requests to look at';
    const windows = group.windows.map((window): WindowRecovery => {
      return { ...window, effect: 'unknown', reason, ...othersOf(window, group), stepMs };
    });
    return { windows, steady, troubled: { fromMs: group.fromMs, toMs: untilMs } };
  }
  const after = steps.filter(({ fromMs, toMs }) => fromMs >= group.toMs - HAIR * stepMs && toMs <= untilMs);
  const back = after.findIndex(
    (step, i) => isSteady(step, steady) && isSteady(pooled(after.slice(i, i + ROW)), steady),
  );
  const backMs = after[back]?.fromMs;
  const recovery = recoveryOf(group, backMs, after.length, untilMs < endMs);
  const windows = group.windows.map((window): WindowRecovery => {
    const shown = steps.filter(({ fromMs, toMs }) => toMs > window.fromMs && fromMs < (backMs ?? untilMs));
    const first = shown.find((step) => !isSteady(step, steady));
    const effect = first ? (hasCollapsed(window, steps, steady) ? 'collapsed' : 'degraded') : 'none';
    const detection = first && { detectionMs: Math.max(0, first.toMs - window.fromMs) };
    return { ...window, effect, ...detection, ...recovery, ...othersOf(window, group), stepMs };
  });
  return { windows, steady, troubled: { fromMs: group.fromMs, toMs: backMs ?? untilMs } };
}

function recoveryOf(
  { toMs }: Disturbance,
  backMs: number | undefined,
  looked: number,
  another: boolean,
): Pick<WindowRecovery, 'recoveryMs' | 'reason'> {
  if (backMs !== undefined) return { recoveryMs: Math.max(0, backMs - toMs) };
  const end = another ? 'the next fault began' : 'the load ended';
  return { reason: looked === 0 ? `${end} before recovery could be seen` : `not recovered when ${end}` };
}

function othersOf(one: ClosedWindow, { windows }: Disturbance): Pick<WindowRecovery, 'with'> {
  const others = [...new Set(windows.filter(({ fault }) => fault !== one.fault).map(({ fault }) => fault))];
  return others.length === 0 ? {} : { with: others };
}

/** Whether the service hardly answered in half of the steps of a window, or more. */
function hasCollapsed({ fromMs, toMs }: ClosedWindow, steps: readonly RunStep[], one: SteadyState): boolean {
  const inside = (step: RunStep): boolean => {
    const hairMs = HAIR * (step.toMs - step.fromMs);
    return step.fromMs >= fromMs - hairMs && step.toMs <= toMs + hairMs;
  };
  const whole = steps.filter(inside);
  const within = whole.length > 0 ? whole : steps.filter((step) => step.toMs > fromMs && step.fromMs < toMs);
  const least = COLLAPSED * one.pace * (1 - one.failedRatio);
  const hardly = within.filter((step) => (goodPace(step) ?? least) < least);
  return hardly.length > 0 && hardly.length >= within.length / 2;
}
