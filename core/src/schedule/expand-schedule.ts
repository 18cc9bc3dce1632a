import { didYouMean } from '../plan/problem.ts';
import { draw } from '../random/draw.ts';

/** When an entry of a schedule is in force, as it was written. Times in ms. */
export type Timing = {
  /** Unique in the schedule. */
  readonly name: string;
  /** How long one window lasts. */
  readonly forMs: number;
  /** From the start of the run, or from the end of what it comes after. */
  readonly atMs?: number | undefined;
  /** It comes after the last window of the entry of this name. */
  readonly after?: string | undefined;
  /** Between the begins of two windows; without it there is one window. */
  readonly everyMs?: number | undefined;
  /** How many windows there are at most. */
  readonly times?: number | undefined;
  /** Each window lies somewhere within so long, where a draw from the seed has it. */
  readonly withinMs?: number | undefined;
};

/** One window: the index of its entry, and when it is in force. */
export type TimedWindow = { readonly index: number; readonly atMs: number; readonly forMs: number };

/** What is wrong with the times of the entry of that index. */
export type TimingProblem = { readonly index: number; readonly key: string; readonly message: string };

/** More windows than this one entry has not: a plan travels to every node. */
export const MOST_WINDOWS = 1000;

/**
 * Turns entries into windows with times of their own, in the order of the entries and of time. The same entries, end and
 * seed give the same windows everywhere. Windows that would begin at `endMs` or later are left out; an entry of which none
 * is left is a problem.
 */
export function expandSchedule(
  timings: readonly Timing[],
  { endMs, seed }: { readonly endMs: number; readonly seed: number },
): { readonly windows: readonly TimedWindow[]; readonly problems: readonly TimingProblem[] } {
  const problems: TimingProblem[] = [];
  const names = timings.map(({ name }) => name);
  const known = new Map<number, readonly TimedWindow[]>();
  const underWay = new Set<number>();

  function windowsOf(index: number): readonly TimedWindow[] {
    const done = known.get(index);
    if (done) return done;
    const timing = timings[index];
    if (!timing) return [];
    underWay.add(index);
    const baseMs = baseOf(index, timing);
    underWay.delete(index);
    const windows = baseMs === undefined ? [] : spread(index, timing, baseMs);
    known.set(index, windows);
    return windows;
  }

  /** When its first window may begin; undefined when that cannot be said. */
  function baseOf(index: number, { atMs, after, everyMs }: Timing): number | undefined {
    if (after === undefined) return atMs ?? everyMs ?? 0;
    const other = names.indexOf(after);
    if (other < 0) {
      const hint = didYouMean(after, names);
      const message = `there is no entry '${after}'${hint ? `; did you mean '${hint}'?` : ''}`;
      return refuse(index, 'after', message);
    }
    if (underWay.has(other)) return refuse(index, 'after', `it waits for '${after}', which waits for it`);
    const last = windowsOf(other).at(-1);
    return last && last.atMs + last.forMs + (atMs ?? 0);
  }

  function spread(index: number, timing: Timing, baseMs: number): readonly TimedWindow[] {
    const { name, forMs, everyMs, withinMs } = timing;
    if (withinMs !== undefined && withinMs < forMs) {
      refuse(index, 'within', 'it has no room for `for`');
      return [];
    }
    const roomMs = withinMs ?? forMs;
    if (everyMs !== undefined && everyMs < roomMs) {
      refuse(
        index,
        'every',
        `a window would begin before the one before has ended: \`${withinMs === undefined ? 'for' : 'within'}\` is longer`,
      );
      return [];
    }
    const most = everyMs === undefined ? 1 : (timing.times ?? Number.POSITIVE_INFINITY);
    const windows: TimedWindow[] = [];
    for (let n = 0; n < most; n++) {
      const beginMs = baseMs + n * (everyMs ?? 0);
      if (beginMs >= endMs) break;
      if (n === MOST_WINDOWS) {
        refuse(
          index,
          'every',
          `it would have more than ${MOST_WINDOWS} windows: say \`times\`, or a \`duration\` of the run`,
        );
        return [];
      }
      const lateMs = Math.round(draw(seed, 'schedule', name, n) * (roomMs - forMs));
      windows.push({ index, atMs: beginMs + lateMs, forMs });
    }
    if (windows.length === 0)
      refuse(index, timing.after === undefined ? 'at' : 'after', 'begins when the run has ended');
    return windows;
  }

  function refuse(index: number, key: string, message: string): undefined {
    problems.push({ index, key, message });
  }

  return { windows: timings.flatMap((_, index) => windowsOf(index)), problems };
}
