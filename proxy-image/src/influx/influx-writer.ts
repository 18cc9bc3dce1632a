import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError, InfluxDB, type Point, type WriteApi } from '@influxdata/influxdb-client';
import type { InfluxPlan, PointAccounting } from '@loads/core';
import type { Spool } from './spool.ts';

const MOST_LINES = 5000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
const REQUEST_TIMEOUT_MS = 10_000;

type Sent = 'written' | 'later' | 'refused' | 'too-large';

/**
 * Writes points into InfluxDB, in order and at least once (a point written twice is the same point). While the database
 * is away they wait in the spool; what it refuses for good (400), or what the spool cannot hold, is counted as dropped.
 */
export class InfluxWriter implements AsyncDisposable {
  readonly #api: WriteApi;
  readonly #spool: Spool;
  readonly #memory: (readonly string[])[] = [];
  readonly #stop = new AbortController();
  #working: Promise<void> | undefined;
  #written = 0;
  #dropped = 0;
  #lastError: string | undefined;

  constructor(plan: InfluxPlan, spool: Spool) {
    this.#spool = spool;
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
    return { written: this.#written, spooled: this.#spool.lines + waiting, dropped: this.#dropped };
  }

  /** What the database answered last when it did not take a batch. */
  get lastError(): string | undefined {
    return this.#lastError;
  }

  /** Writes all that waits, for at most `timeoutMs`; what is left then is on disk. */
  async drain(timeoutMs: number): Promise<void> {
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
    let waitMs = FIRST_RETRY_MS;
    while (this.#memory.length > 0 || !this.#spool.isEmpty) {
      if (!this.#stop.signal.aborted && (await this.#sendOldest())) {
        waitMs = FIRST_RETRY_MS;
        continue;
      }
      await this.#spoolMemory();
      if (this.#stop.signal.aborted) return;
      // Stopping ends the wait early.
      await sleep(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
    }
  }

  /** Sends the oldest batch. False: the database does not take anything now. */
  async #sendOldest(): Promise<boolean> {
    const spooled = await this.#spool.peek();
    const batch = spooled ?? this.#memory[0];
    if (!batch) return true;
    const sent = await this.#send(batch);
    if (sent === 'later') return false;
    if (spooled) await this.#spool.shift();
    else this.#memory.shift();
    if (sent === 'written') this.#written += batch.length;
    else if (sent === 'too-large' && batch.length > 1) return this.#sendHalves(batch);
    else this.#dropped += batch.length;
    return true;
  }

  async #sendHalves(batch: readonly string[]): Promise<boolean> {
    const middle = Math.ceil(batch.length / 2);
    for (const half of [batch.slice(middle), batch.slice(0, middle)]) this.#memory.unshift(half);
    return true;
  }

  async #send(batch: readonly string[]): Promise<Sent> {
    try {
      this.#api.writeRecords([...batch]);
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
    while (this.#memory.length > 0) {
      const batch = this.#memory[0] ?? [];
      if (!(await this.#spool.push(batch))) this.#dropped += batch.length;
      this.#memory.shift();
    }
  }
}
