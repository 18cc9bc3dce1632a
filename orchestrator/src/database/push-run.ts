import { setTimeout as sleep } from 'node:timers/promises';
import { type InfluxPlan, LoadsError } from '@loads/core';
import { type BatchOutcome, LineSender, MOST_LINES, type WriteFailure } from '@loads/vaurien';
import { keptPoints } from './kept-points.ts';

const MOST_TRIES = 4;
const FIRST_WAIT_MS = 500;

/** What came of a push: points that the database has now, and those that it refused, with the reason. */
export type Pushed = { readonly written: number; readonly refused: number; readonly refusal?: string | undefined };

/**
 * Writes all points that a run's folder keeps into the database. They keep their instants, so that pushing them again
 * changes nothing. Throws ERR_DATABASE_DENIED, or ERR_DATABASE when it does not take them after several tries.
 */
export async function pushRun(
  folder: string,
  influx: InfluxPlan,
  signal: AbortSignal,
  onProgress: (written: number) => void = () => undefined,
): Promise<Pushed> {
  using sender = new LineSender(influx);
  let [written, refused] = [0, 0];
  let refusal: WriteFailure | undefined;
  for (const kept of await keptPoints(folder)) {
    const lines = await kept.lines();
    for (let i = 0; i < lines.length; i += MOST_LINES) {
      const outcome = await sendPatiently(sender, lines.slice(i, i + MOST_LINES), written > 0, signal);
      written += outcome.written;
      refused += outcome.refused;
      refusal = outcome.refusal ?? refusal;
      if (outcome.failure) throw databaseError(outcome.failure, written);
      onProgress(written);
    }
  }
  return { written, refused, refusal: refusal && `${refusal.message} (${refusal.hint})` };
}

/** What the user is told of a database that takes nothing. */
export function databaseError({ kind, message, hint }: WriteFailure, written = 0): LoadsError {
  const so = written > 0 ? `, after ${written} points` : '';
  return new LoadsError(kind === 'denied' ? 'ERR_DATABASE_DENIED' : 'ERR_DATABASE', `${message}${so}`, { hint });
}

/** Tries again what the database does not take now; not when it never took or answered anything. */
async function sendPatiently(
  sender: LineSender,
  lines: readonly string[],
  knownToAnswer: boolean,
  signal: AbortSignal,
): Promise<BatchOutcome> {
  let [written, refused] = [0, 0];
  for (let tries = 1; ; tries++) {
    const outcome = await sender.send(lines.slice(written + refused), signal);
    written += outcome.written;
    refused += outcome.refused;
    const { failure } = outcome;
    const hopeless = failure?.kind === 'denied' || (failure?.answered === false && !knownToAnswer && written === 0);
    if (!failure || hopeless || tries === MOST_TRIES || signal.aborted) return { ...outcome, written, refused };
    await sleep(Math.max(failure.retryAfterMs ?? 0, FIRST_WAIT_MS * 2 ** (tries - 1)), undefined, { signal }).catch(
      () => undefined,
    );
  }
}
