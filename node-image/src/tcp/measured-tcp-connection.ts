import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ByScenario } from '../connection/by-scenario.ts';
import { CLOSED, CUT, type Failing, networkReason, tooLate } from '../connection/connection-error.ts';
import type { Connection } from '../connection/connection-scope.ts';
import { Pending } from '../connection/pending.ts';
import { counted, type Traffic } from '../connection/traffic.ts';
import { classifyFailure } from '../http/classify-failure.ts';
import { refuseUnknown } from '../options/unknown-option.ts';
import { ByteQueue } from './byte-queue.ts';
import type { DelimiterOptions, TcpConnection, TcpPatience } from './tcp-connection.ts';
import { TcpError } from './tcp-error.ts';
import type { TcpMeters } from './tcp-meters.ts';

/** From here on the peer has to wait, unless somebody waits for more. */
const HIGH_BYTES = 1 << 20;
const MOST_BYTES = 64 << 20;
const DELIMITED_BYTES = 1 << 20;
/** How long the peer gets to take what was sent before the close, ms. */
const CLOSE_MS = 2000;
const READ_OPTIONS: readonly string[] = Object.keys({
  timeout: true,
  maxBytes: true,
} satisfies Record<keyof DelimiterOptions, true>);
const EOF: Failing = { failure: 'eof', reason: networkReason('eof', undefined) };

export type TcpParts = {
  /** Connected. */
  readonly socket: Socket;
  readonly address: string;
  readonly name: string;
  readonly timeoutMs: number;
  readonly meters: ByScenario<TcpMeters>;
  readonly traffic: Traffic;
};

/** Takes what it waits for out of the queue as soon as it is there: then it gives the bytes. Throws when that cannot be. */
type Reader = (queue: ByteQueue, ended: boolean) => Buffer | undefined;

/** A TCP connection whose bytes and failures are counted. */
export class MeasuredTcpConnection implements TcpConnection, Connection {
  readonly #parts: TcpParts;
  readonly #openedMs = performance.now();
  readonly #queue = new ByteQueue();
  readonly #pending = new Pending();
  readonly #closed = Promise.withResolvers<void>();
  /** Tries to serve whoever reads. */
  #serve: (() => void) | undefined;
  /** The peer sends no more. */
  #ended = false;
  #finishing = false;
  #failed = false;
  /** Why it cannot be used any more. */
  #end: TcpError | undefined;

  constructor(parts: TcpParts) {
    this.#parts = parts;
    const { socket, traffic } = parts;
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.once('end', () => this.#onEnd());
    socket.on('error', (cause) => this.#onError(cause));
    socket.once('close', () => {
      this.#finish(this.#errorOf(this.#ended ? EOF : CLOSED));
      this.#closed.resolve();
    });
    traffic.scope.add(this);
  }

  get isOpen(): boolean {
    return this.#end === undefined && !this.#finishing;
  }

  async sendAll(data: string | Uint8Array, options?: TcpPatience): Promise<void> {
    if (!this.isOpen) await this.#rethrow(this.#end ?? this.#errorOf(CLOSED));
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const fromMs = performance.now();
    const timeoutMs = this.#timeoutOf(options);
    const late = (): TcpError => {
      const error = this.#fail(tooLate('room to send', timeoutMs), fromMs);
      this.#finish(error);
      this.#parts.socket.destroy();
      return error;
    };
    const { socket, meters } = this.#parts;
    // An error ends the connection, of which everybody who waits hears.
    const begin = (done: () => void): unknown => socket.write(bytes, (error) => (error ? undefined : done()));
    await this.#pending.wait(begin, { timeoutMs, late }).catch((error: unknown) => this.#rethrow(error));
    meters.now.bytesSent(bytes.byteLength, performance.now());
  }

  receive(options?: TcpPatience): Promise<Buffer> {
    return this.#read('bytes', options, (queue, ended) => {
      if (queue.length > 0) return queue.take(queue.length);
      return ended ? this.#eof() : undefined;
    });
  }

  async receiveExactly(bytes: number, options?: TcpPatience): Promise<Buffer> {
    if (!(bytes >= 0 && bytes <= MOST_BYTES)) throw new RangeError(`expected 0 to ${MOST_BYTES} bytes, got ${bytes}`);
    return await this.#read(`${bytes} bytes`, options, (queue, ended) => {
      if (queue.length >= bytes) return queue.take(bytes);
      return ended ? this.#eof() : undefined;
    });
  }

  receiveUntil(delimiter: string | Uint8Array, options: DelimiterOptions = {}): Promise<Buffer> {
    const mark = Buffer.from(delimiter);
    const { maxBytes = DELIMITED_BYTES } = options;
    let searched = 0;
    return this.#read('delimiter', options, (queue, ended) => {
      const at = queue.indexOf(mark, searched);
      if (at !== -1 && at <= maxBytes) return queue.take(at + mark.length).subarray(0, at);
      if (queue.length > maxBytes + mark.length) throw this.#fail(tooMuch(maxBytes, 'without the delimiter'));
      searched = Math.max(0, queue.length - mark.length + 1);
      return ended ? this.#eof() : undefined;
    });
  }

  receiveAll(options?: TcpPatience): Promise<Buffer> {
    return this.#read('end', options, (queue, ended) => {
      if (ended) return queue.take(queue.length);
      if (queue.length > MOST_BYTES) throw this.#fail(tooMuch(MOST_BYTES, 'without an end'));
      return undefined;
    });
  }

  end(): void {
    this.#finishing = true;
    this.#parts.socket.end();
  }

  async close(): Promise<void> {
    const { socket } = this.#parts;
    this.#finish(this.#errorOf(CLOSED));
    const timer = setTimeout(() => socket.destroy(), CLOSE_MS);
    // What was sent goes first; a FIN follows it, and nobody waits for the peer's.
    socket.destroySoon();
    await this.#closed.promise;
    clearTimeout(timer);
  }

  cut(): void {
    this.#finish(this.#errorOf(CUT));
    this.#parts.socket.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #read(what: string, options: TcpPatience | undefined, reader: Reader): Promise<Buffer> {
    if (this.#serve) throw new Error('somebody reads from this connection already: wait for that first');
    const fromMs = performance.now();
    const timeoutMs = this.#timeoutOf(options);
    try {
      const late = (): TcpError => this.#fail(tooLate(what, timeoutMs), fromMs);
      const bytes = await this.#pending.wait<Buffer>((done) => this.#begin(reader, done), { timeoutMs, late });
      const toMs = performance.now();
      this.#parts.meters.now.waiting(toMs - fromMs, fromMs, toMs);
      return bytes;
    } catch (error) {
      return await this.#rethrow(error);
    } finally {
      this.#serve = undefined;
      this.#flow();
    }
  }

  /** Serves the reader now, or when more has come. */
  #begin(reader: Reader, done: (bytes: Buffer) => void): void {
    this.#serve = () => {
      const bytes = reader(this.#queue, this.#ended);
      if (bytes !== undefined) done(bytes);
      else if (this.#end) throw this.#end;
    };
    this.#serve();
    this.#flow();
  }

  #onData(chunk: Buffer): void {
    this.#parts.meters.now.bytesReceived(chunk.length, performance.now());
    this.#queue.push(chunk);
    this.#again();
    this.#flow();
  }

  #onEnd(): void {
    this.#ended = true;
    this.#again();
  }

  #onError(cause: Error): void {
    const failure = classifyFailure(cause);
    this.#finish(this.#fail({ failure, reason: networkReason(failure, cause), cause }));
  }

  /** What a reader throws is its own error. */
  #again(): void {
    try {
      this.#serve?.();
    } catch (error) {
      this.#pending.reject(error as Error);
    }
  }

  #flow(): void {
    const { socket } = this.#parts;
    const full = this.#queue.length >= HIGH_BYTES && this.#serve === undefined;
    if (full) socket.pause();
    else if (socket.isPaused()) socket.resume();
  }

  #eof(): never {
    throw this.#fail(EOF);
  }

  /** In a later turn of the event loop: a scenario that tries again for ever must not block it. */
  async #rethrow(error: unknown): Promise<never> {
    await nextTurn();
    throw error instanceof TcpError ? this.#count(error) : error;
  }

  #finish(error: TcpError): void {
    if (this.#end) return;
    this.#end = error;
    const { meters, traffic } = this.#parts;
    const nowMs = performance.now();
    meters.now.duration(nowMs - this.#openedMs, this.#openedMs, nowMs);
    meters.now.failed(this.#failed, this.#openedMs, nowMs);
    traffic.scope.delete(this);
    this.#pending.reject(error);
  }

  #timeoutOf(options: TcpPatience | undefined): number {
    if (options) refuseUnknown('a read or write of TCP', options, READ_OPTIONS);
    return options?.timeout ?? this.#parts.timeoutMs;
  }

  /** Makes an error and counts it. */
  #fail(failing: Failing, fromMs?: number): TcpError {
    return this.#count(this.#errorOf(failing), fromMs);
  }

  #count(error: TcpError, fromMs = performance.now()): TcpError {
    this.#failed ||= error.failure !== 'aborted';
    return counted(this.#parts.traffic, this.#parts.name, error, fromMs);
  }

  #errorOf(failing: Failing): TcpError {
    return new TcpError(this.#parts.address, failing);
  }
}

function tooMuch(bytes: number, without: string): Failing {
  return { failure: 'other', reason: `more than ${bytes} bytes came ${without}` };
}
