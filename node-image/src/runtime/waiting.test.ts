import { expect, test } from 'vitest';
import { waitOrThrow, waitUnless } from './waiting.ts';

/** Longer than any test may take. */
const LONG = 3_600_000;

test('a wait lasts as long as it should', async () => {
  const fromMs = performance.now();
  await waitOrThrow(20, new AbortController().signal);
  await waitUnless(20, new AbortController().signal);
  // A timer may fire a little early.
  expect(performance.now() - fromMs).toBeGreaterThan(38);
});

test('an abort ends all waits at once: some by an AbortError, some in good order', async () => {
  const cut = new AbortController();
  const waits = [waitOrThrow(LONG, cut.signal), waitUnless(LONG, cut.signal), waitOrThrow(LONG, cut.signal)];
  const ended = Promise.allSettled(waits);
  cut.abort();
  expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
  await expect(waits[0]).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
});

test('who comes after the abort does not wait at all', async () => {
  const cut = AbortSignal.abort(new Error('the run was cut'));
  await expect(waitOrThrow(LONG, cut)).rejects.toThrow('the run was cut');
  await waitUnless(LONG, cut);
});

test('a wait longer than a timer can be ends no earlier than one', async () => {
  const stop = new AbortController();
  let ended = false;
  const wait = waitUnless(Number.MAX_SAFE_INTEGER, stop.signal).then(() => {
    ended = true;
  });
  await waitUnless(20, new AbortController().signal);
  expect(ended).toBe(false);
  stop.abort();
  await wait;
});

test('either of two signals ends a wait', async () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const waits = [waitUnless(LONG, one.signal, other.signal), waitUnless(LONG, other.signal, one.signal)];
  other.abort();
  await Promise.all(waits);
  await waitUnless(LONG, one.signal, other.signal);
});
