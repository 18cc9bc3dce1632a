/** Longer timers overflow and fire at once. */
const LONGEST_TIMER_MS = 0x7fff_ffff;

/**
 * Calls `done` once, and never before it returns: after `ms` (undefined: never by time), or as soon as `ended` fires, or
 * has fired. Gives a function that calls the wait off.
 */
export function wait(ms: number | undefined, ended: AbortSignal | undefined, done: () => void): () => void {
  const due = ended?.aborted ? 0 : ms;
  const timer = due === undefined ? undefined : setTimeout(finish, Math.min(due, LONGEST_TIMER_MS));
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
