import type { PhaseStamp } from './phase.ts';
import { plannedWindows } from './planned-windows.ts';
import type { ScheduleEntry } from './schedule.ts';

/** Says to which phase a sample belongs that began at `fromMs` and ended at `toMs`, ms from the start of the run. */
export type PhaseLookup = (fromMs: number, toMs?: number) => PhaseStamp;

const STEADY: PhaseStamp = { phase: 'steady', fault: '' };
const RECOVERY: PhaseStamp = { phase: 'recovery', fault: '' };

/**
 * Prepares a schedule for a question with every sample: an answer takes the logarithm of the number of windows, and the
 * same answer is the same object. `recoveryMs` is how long after a window recovery lasts.
 */
export function phaseLookup(schedule: readonly ScheduleEntry[], recoveryMs: number): PhaseLookup {
  const order = new Map<string, number>();
  for (const { name } of schedule) if (!order.has(name)) order.set(name, order.size);
  const windows = plannedWindows(schedule).map(({ fault, atMs, forMs }) => ({ fault, atMs, endMs: atMs + forMs }));
  /** The latest end of the windows up to each place: before it nothing can be in force any more. */
  const latest: number[] = [];
  for (const { endMs } of windows) latest.push(Math.max(latest.at(-1) ?? 0, endMs));
  const ends = windows.map(({ endMs }) => endMs).sort((a, b) => a - b);
  const stamps = new Map<string, PhaseStamp>();

  function stampOf(faults: ReadonlySet<string>): PhaseStamp {
    const fault = [...faults].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)).join('+');
    const known = stamps.get(fault);
    if (known) return known;
    const stamp: PhaseStamp = { phase: 'chaos', fault };
    stamps.set(fault, stamp);
    return stamp;
  }

  return function lookUp(fromMs, toMs = fromMs) {
    if (windows.length === 0) return STEADY;
    let touched: Set<string> | undefined;
    for (let i = upTo(windows.length, (at) => (windows[at]?.atMs ?? 0) <= toMs) - 1; i >= 0; i--) {
      if ((latest[i] ?? 0) <= fromMs) break;
      const window = windows[i];
      if (window && window.endMs > fromMs) {
        touched ??= new Set();
        touched.add(window.fault);
      }
    }
    if (touched) return stampOf(touched);
    const ended = upTo(ends.length, (at) => (ends[at] ?? 0) <= fromMs);
    const lastEnd = ends[ended - 1];
    return lastEnd !== undefined && fromMs < lastEnd + recoveryMs ? RECOVERY : STEADY;
  };
}

/** How many of the first `count` places hold, where all that hold come first. */
function upTo(count: number, holds: (place: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
