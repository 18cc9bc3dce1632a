/** Longer timers overflow and fire at once. */
const LONGEST_TIMER_MS = 0x7fff_ffff;

/**
 * Calls `done` once: after `ms` (undefined: never by time), or as soon as `ended` fires. Gives a function that calls
 * the wait off.
 */
export function wait(ms: number | undefined, ended: AbortSignal | undefined, done: () => void): () => void {
  const timer = ms === undefined ? undefined : setTimeout(finish, Math.min(ms, LONGEST_TIMER_MS));
  ended?.addEventListener('abort', finish);
  return cancel;

  function cancel(): void {
    clearTimeout(timer);
    ended?.removeEventListener('abort', finish);
  }

  function finish(): void {
    cancel();
    done();
  }
}
