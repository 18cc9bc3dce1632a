import { type Comparison, compare, type Troubled } from './compare.ts';
import type { ClosedWindow, Disturbance } from './disturbance.ts';
import { pooled, type RunStep } from './run-step.ts';
import { goodPace, isSteady, type SteadyState } from './steady-state.ts';
import type { WindowRecovery } from './window-recovery.ts';

/** So many steps together have to be steady. */
const ROW = 3;
/** A share of the steady pace below which there is hardly any service. */
const COLLAPSED = 0.1;
/** The part of a step by which a fault may end in it and not count. */
const HAIR = 0.1;

/** What a disturbance did to the requests of a protocol. */
export type Judged = {
  readonly windows: readonly WindowRecovery[];
  readonly steady: SteadyState | undefined;
  readonly troubled: Troubled;
  /** Whether there was so much of them that it says something where other protocols do. */
  readonly telling: boolean;
};

type Case = Comparison & {
  /** When the next one begins, or the load ends. */
  readonly untilMs: number;
};

/** Judges one disturbance by the requests of a protocol. */
export function judge(one: Case): Judged {
  const { group, untilMs, endMs } = one;
  const { steps, steady, stepMs, telling } = compare(one);
  if (!steady) {
    const reason = steps.some(({ count }) => count > 0)
      ? 'there is too little of a steady phase to compare with'
      : 'there are no requests to look at';
    const windows = group.windows.map((window): WindowRecovery => {
      return { ...window, effect: 'unknown', reason, ...othersOf(window, group), stepMs };
    });
    return { windows, steady, troubled: { fromMs: group.fromMs, toMs: untilMs }, telling: false };
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
  return { windows, steady, troubled: { fromMs: group.fromMs, toMs: backMs ?? untilMs }, telling };
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
