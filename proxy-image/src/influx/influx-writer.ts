import { setTimeout as sleep } from 'node:timers/promises';
import type { InfluxPlan, PointAccounting } from '@loads/core';
import { LineSender, MOST_LINES } from './line-sender.ts';
import type { Spool } from './spool.ts';
import type { WriteFailure } from './write-failure.ts';

const LONGEST_RETRY_MS = 10_000;

export type InfluxWriterOptions = {
  /** How long to wait before the first retry, ms; doubled for each further one up to 10 s. Default: 500. */
  readonly firstRetryMs?: number;
};

/**
 * Writes points into InfluxDB, in order and at least once (a point written twice is the same point). While the database
 * is away they wait in the spool, and so they do when it denies us (a wrong token, no such bucket), for a later
 * `loads push`. What it refuses for good, or what the spool cannot hold, is counted as dropped.
 */
export class InfluxWriter implements AsyncDisposable {
  readonly #sender: LineSender;
  readonly #spool: Spool;
  readonly #firstRetryMs: number;
  /** Batches that came since the spool was last filled; those in the spool are older. */
  readonly #memory: (readonly string[])[] = [];
  readonly #stop = new AbortController();
  /** Ends the wait for the next retry. */
  #nap = new AbortController();
  #working: Promise<void> | undefined;
  /** Lines of the oldest batch that are done with. */
  #doneOfOldest = 0;
  #written = 0;
  #dropped = 0;
  /** Why the database took nothing when it was asked last; undefined when it did. */
  #failure: WriteFailure | undefined;
  #refusal: WriteFailure | undefined;
  #spoolError: string | undefined;

  constructor(plan: InfluxPlan, spool: Spool, { firstRetryMs = 500 }: InfluxWriterOptions = {}) {
    this.#spool = spool;
    this.#firstRetryMs = firstRetryMs;
    this.#sender = new LineSender(plan);
  }

  /** Takes points as lines of line protocol, timestamps in ms; they are on their way when this returns. */
  add(lines: readonly string[]): void {
    for (let i = 0; i < lines.length; i += MOST_LINES) this.#memory.push(lines.slice(i, i + MOST_LINES));
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  get accounting(): PointAccounting {
    const waiting = this.#memory.reduce((sum, batch) => sum + batch.length, 0);
    const spooled = this.#spool.lines + waiting - this.#doneOfOldest;
    const problem = spooled + this.#dropped > 0 ? this.problem : undefined;
    return { written: this.#written, spooled, dropped: this.#dropped, ...(problem && { problem }) };
  }

  /** Why points are not in the database, and how to mend it; undefined when nothing has been in the way. */
  get problem(): string | undefined {
    const failures = [this.#failure, this.#refusal].flatMap((one) => (one ? [`${one.message} (${one.hint})`] : []));
    const all = this.#spoolError === undefined ? failures : [...failures, this.#spoolError];
    return all.length === 0 ? undefined : all.join('; ');
  }

  /** Writes all that waits, for at most `timeoutMs`; what is left then is on disk. */
  async drain(timeoutMs: number): Promise<void> {
    // It may have been mended meanwhile: this is the last chance.
    if (this.#failure?.kind === 'denied') this.#failure = undefined;
    // Who asked not to be asked again before some time is not asked.
    if (this.#failure?.retryAfterMs === undefined) this.#nap.abort();
    const timer = setTimeout(() => this.#stop.abort(), timeoutMs);
    do {
      this.add([]);
      await this.#working;
    } while (this.#memory.length > 0);
    clearTimeout(timer);
  }

  /** Gives up the newest points in the spool, so that the disk has room. False when there are none. */
  async makeRoom(): Promise<boolean> {
    const lines = await this.#spool.pop();
    if (lines === 0) return false;
    this.#dropped += this.#spool.isEmpty ? lines - this.#doneOfOldest : lines;
    if (this.#spool.isEmpty) this.#doneOfOldest = 0;
    this.#spoolError ??= 'the disk is full';
    return true;
  }

  /** Moves what waits in the spool to the end of one compressed file; what has no room for that stays in the spool. */
  async pack(path: string): Promise<void> {
    await this.#working;
    await this.#spool.pack(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#working;
    this.#sender[Symbol.dispose]();
  }

  async #work(): Promise<void> {
    let waitMs = this.#firstRetryMs;
    while (this.#memory.length > 0 || !this.#spool.isEmpty) {
      if (!this.#stop.signal.aborted && this.#failure?.kind !== 'denied' && (await this.#sendOldest())) {
        waitMs = this.#firstRetryMs;
        continue;
      }
      await this.#spoolMemory();
      if (this.#stop.signal.aborted || this.#failure?.kind === 'denied') return;
      await this.#wait(Math.max(waitMs, this.#failure?.retryAfterMs ?? 0));
      waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
    }
  }

  async #wait(ms: number): Promise<void> {
    this.#nap = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, this.#nap.signal]);
    // Stopping, or draining, ends the wait early.
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }

  /** Sends the oldest batch, or as much of it as the database takes at once. False: it does not take anything now. */
  async #sendOldest(): Promise<boolean> {
    const spooled = !this.#spool.isEmpty;
    const batch = spooled ? await this.#readSpool() : this.#memory[0];
    if (!batch) return true;
    const { written, refused, failure, refusal } = await this.#sender.send(
      batch.slice(this.#doneOfOldest),
      this.#stop.signal,
    );
    this.#written += written;
    this.#dropped += refused;
    this.#refusal = refusal ?? this.#refusal;
    this.#doneOfOldest += written + refused;
    // Being stopped says nothing of the database.
    if (!this.#stop.signal.aborted) this.#failure = failure;
    if (this.#doneOfOldest < batch.length) return false;
    this.#doneOfOldest = 0;
    if (spooled) await this.#spool.shift();
    else this.#memory.shift();
    return true;
  }

  /** The oldest batch of the spool. One that cannot be read any more is dropped, so that it does not hold up the rest. */
  async #readSpool(): Promise<readonly string[] | undefined> {
    try {
      return await this.#spool.peek();
    } catch (error) {
      this.#spoolError = `the spool cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      const before = this.#spool.lines;
      await this.#spool.shift();
      this.#dropped += before - this.#spool.lines - this.#doneOfOldest;
      this.#doneOfOldest = 0;
      return undefined;
    }
  }

  async #spoolMemory(): Promise<void> {
    // Of a batch in memory that was sent in parts, the rest is left; one in the spool stays whole until all of it is sent.
    if (this.#spool.isEmpty && this.#doneOfOldest > 0) {
      this.#memory[0] = this.#memory[0]?.slice(this.#doneOfOldest) ?? [];
      this.#doneOfOldest = 0;
    }
    while (this.#memory.length > 0) {
      const batch = this.#memory[0] ?? [];
      const refused = batch.length > 0 ? await this.#spool.push(batch) : undefined;
      if (refused !== undefined) {
        this.#dropped += batch.length;
        this.#spoolError = refused;
      }
      this.#memory.shift();
    }
  }
}
