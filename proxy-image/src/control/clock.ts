/** Time as the control plane sees it; tests bring their own. */
export type Clock = {
  /** Epoch ms, which never go back. */
  now(): number;
  /** Calls `done` once after `ms`, or a little earlier where that is very long. Gives the way to call it off. */
  after(ms: number, done: () => void): () => void;
};

/** Longer timers overflow and fire at once. */
const LONGEST_TIMER_MS = 0x7fff_ffff;

export const systemClock: Clock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
  after(ms, done) {
    const timer = setTimeout(done, Math.min(ms, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
