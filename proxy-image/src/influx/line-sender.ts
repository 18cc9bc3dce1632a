import type { WriteApi } from '@influxdata/influxdb-client';
import type { InfluxPlan } from '@loads/core';
import { type WriteFailure, writeFailure } from './write-failure.ts';

/** Most lines in a request. */
export const MOST_LINES = 5000;
/** Bytes from which a request is compressed: for what a node writes each second it would take more than all the rest of it. */
const COMPRESSED_BYTES = 64 * 1024;
/** After so many lines in a row that were refused one by one, the rest of a batch will not fare better. */
const MOST_REFUSED_IN_A_ROW = 20;

/** What became of a batch: of its first `written + refused` lines all is known, and `failure` is why the others wait. */
export type BatchOutcome = {
  readonly written: number;
  readonly refused: number;
  readonly failure?: WriteFailure | undefined;
  /** Why lines were refused. */
  readonly refusal?: WriteFailure | undefined;
};

/** Writes lines of line protocol (timestamps in ms) by InfluxDB's write API v2. Retrying and keeping are the caller's. */
export class LineSender implements Disposable {
  readonly #plan: InfluxPlan;
  readonly #api: Promise<WriteApi>;
  /** Most lines in a request: fewer once the database has found one too large. */
  #mostLines = MOST_LINES;

  /** A request is given up after `timeoutMs`. */
  constructor(plan: InfluxPlan, { timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}) {
    this.#plan = plan;
    this.#api = writeApi(plan, timeoutMs);
  }

  /**
   * Sends lines in order. Where a request is too large, or the database refuses some of its lines, it is sent in parts, so
   * that only those are left out that are refused by themselves. Stops at anything else. Never rejects.
   */
  async send(lines: readonly string[], signal?: AbortSignal): Promise<BatchOutcome> {
    let [written, refused, inARow] = [0, 0, 0];
    let refusal: WriteFailure | undefined;
    let size = this.#mostLines;
    while (written + refused < lines.length) {
      const rest = lines.slice(written + refused);
      const part = rest.slice(0, Math.min(size, this.#mostLines));
      const failure = signal?.aborted ? STOPPED : await this.#request(part);
      if (!failure) {
        written += part.length;
        size *= 2;
        inARow = 0;
      } else if (failure.kind === 'later' || failure.kind === 'denied') {
        return { written, refused, failure, refusal };
      } else if (part.length > 1 && inARow < MOST_REFUSED_IN_A_ROW) {
        size = Math.ceil(part.length / 2);
        if (failure.kind === 'too-large') this.#mostLines = size;
      } else {
        inARow += 1;
        refusal = failure;
        refused += inARow < MOST_REFUSED_IN_A_ROW ? part.length : rest.length;
      }
    }
    return { written, refused, refusal };
  }

  [Symbol.dispose](): void {
    void this.#api.then((api) => api.dispose());
  }

  async #request(lines: readonly string[]): Promise<WriteFailure | undefined> {
    try {
      const api = await this.#api;
      api.writeRecords([...lines]);
      await api.flush();
      return undefined;
    } catch (error) {
      return writeFailure(error, this.#plan, Date.now());
    }
  }
}

async function writeApi({ url, token, org, bucket }: InfluxPlan, timeoutMs: number): Promise<WriteApi> {
  // Only here: it takes long to load, and a run need not have a database.
  const { InfluxDB } = await import('@influxdata/influxdb-client');
  return new InfluxDB({ url, token, timeout: timeoutMs }).getWriteApi(org, bucket, 'ms', {
    batchSize: MOST_LINES + 1,
    flushInterval: 0,
    maxRetries: 0,
    gzipThreshold: COMPRESSED_BYTES,
    // Retrying is the caller's: the client's own buffer is in memory only, and is dropped when it closes.
    writeFailed: (error) => Promise.reject(error),
  });
}

const STOPPED: WriteFailure = { kind: 'later', answered: false, message: 'stopped before all was sent', hint: '' };
