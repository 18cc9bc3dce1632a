import { LONGEST_TIMER_MS } from '../runtime/longest-timer.ts';
/** The exit code of a program that was ended since it took too long: that of `timeout` (GNU coreutils). */
export const TIMED_OUT = 124;

/** A time that a program has been given. */
export type TimeLimit = Disposable & {
  /** It is over, and the program has been told. */
  readonly expired: boolean;
};

/** Calls `tell` once the time is over (ms; undefined: never), unless it is disposed of before. */
export function timeLimit(limitMs: number | undefined, tell: () => void): TimeLimit {
  let expired = false;
  const expire = (): void => {
    expired = true;
    tell();
  };
  const timer = limitMs === undefined ? undefined : setTimeout(expire, Math.min(limitMs, LONGEST_TIMER_MS));
  return {
    get expired() {
      return expired;
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
