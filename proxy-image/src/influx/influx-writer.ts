import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError, InfluxDB, type Point, type WriteApi } from '@influxdata/influxdb-client';
import type { InfluxPlan, PointAccounting } from '@loads/core';
import type { Spool } from './spool.ts';

const MOST_LINES = 5000;
const LONGEST_RETRY_MS = 10_000;
const REQUEST_TIMEOUT_MS = 10_000;

type Sent = 'written' | 'later' | 'refused' | 'too-large';

export type InfluxWriterOptions = {
  /** How long to wait before the first retry, ms; doubled for each further one up to 10 s. Default: 500. */
  readonly firstRetryMs?: number;
};

/**
 * Writes points into InfluxDB, in order and at least once (a point written twice is the same point). While the database
 * is away they wait in the spool; what it refuses for good (400), or what the spool cannot hold, is counted as dropped.
 */
export class InfluxWriter implements AsyncDisposable {
  readonly #api: WriteApi;
  readonly #spool: Spool;
  readonly #firstRetryMs: number;
  /** Batches that came since the spool was last filled; those in the spool are older. */
  readonly #memory: (readonly string[])[] = [];
  readonly #stop = new AbortController();
  /** Ends the wait for the next retry. */
  #nap = new AbortController();
  #working: Promise<void> | undefined;
  /** Most lines in a request: fewer once the database has found one too large. */
  #mostLines = MOST_LINES;
  /** Lines of the oldest batch that are done with. */
  #doneOfOldest = 0;
  #written = 0;
  #dropped = 0;
  #lastError: string | undefined;

  constructor(plan: InfluxPlan, spool: Spool, { firstRetryMs = 500 }: InfluxWriterOptions = {}) {
    this.#spool = spool;
    this.#firstRetryMs = firstRetryMs;
    this.#api = new InfluxDB({ url: plan.url, token: plan.token, timeout: REQUEST_TIMEOUT_MS }).getWriteApi(
      plan.org,
      plan.bucket,
      'ms',
      {
        batchSize: MOST_LINES + 1,
        flushInterval: 0,
        maxRetries: 0,
        // Retrying is ours: the client's own buffer is in memory only, and is dropped when it closes.
        writeFailed: (error) => Promise.reject(error),
      },
    );
  }

  /** Takes points; they are on their way when this returns. */
  add(points: readonly Point[]): void {
    const lines = points.flatMap((point) => point.toLineProtocol(this.#api) ?? []);
    for (let i = 0; i < lines.length; i += MOST_LINES) this.#memory.push(lines.slice(i, i + MOST_LINES));
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  get accounting(): PointAccounting {
    const waiting = this.#memory.reduce((sum, batch) => sum + batch.length, 0);
    const spooled = this.#spool.lines + waiting - this.#doneOfOldest;
    return { written: this.#written, spooled, dropped: this.#dropped };
  }

  /** What the database answered last when it did not take a batch. */
  get lastError(): string | undefined {
    return this.#lastError;
  }

  /** Writes all that waits, for at most `timeoutMs`; what is left then is on disk. */
  async drain(timeoutMs: number): Promise<void> {
    this.#nap.abort();
    this.add([]);
    const timer = setTimeout(() => this.#stop.abort(), timeoutMs);
    await this.#working;
    clearTimeout(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#working;
    this.#api.dispose();
  }

  async #work(): Promise<void> {
    let waitMs = this.#firstRetryMs;
    while (this.#memory.length > 0 || !this.#spool.isEmpty) {
      if (!this.#stop.signal.aborted && (await this.#sendOldest())) {
        waitMs = this.#firstRetryMs;
        continue;
      }
      await this.#spoolMemory();
      if (this.#stop.signal.aborted) return;
      await this.#wait(waitMs);
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
    const lines = batch.slice(this.#doneOfOldest, this.#doneOfOldest + this.#mostLines);
    const sent = await this.#send(lines);
    if (sent === 'later') return false;
    if (sent === 'too-large' && lines.length > 1) {
      this.#mostLines = Math.ceil(lines.length / 2);
      return true;
    }
    if (sent === 'written') this.#written += lines.length;
    else this.#dropped += lines.length;
    this.#doneOfOldest += lines.length;
    if (this.#doneOfOldest < batch.length) return true;
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
      this.#lastError = `the spool cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      const before = this.#spool.lines;
      await this.#spool.shift();
      this.#dropped += before - this.#spool.lines - this.#doneOfOldest;
      this.#doneOfOldest = 0;
      return undefined;
    }
  }

  async #send(lines: readonly string[]): Promise<Sent> {
    try {
      this.#api.writeRecords([...lines]);
      await this.#api.flush();
      return 'written';
    } catch (error) {
      this.#lastError = error instanceof Error ? error.message : String(error);
      const status = error instanceof HttpError ? error.statusCode : undefined;
      if (status === 413) return 'too-large';
      return status === 400 || status === 422 ? 'refused' : 'later';
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
      if (!(await this.#spool.push(batch))) this.#dropped += batch.length;
      this.#memory.shift();
    }
  }
}
