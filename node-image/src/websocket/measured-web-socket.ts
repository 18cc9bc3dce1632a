import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { ByScenario } from '../connection/by-scenario.ts';
import { CLOSED, CUT, type Failing, networkReason, tooLate } from '../connection/connection-error.ts';
import type { Connection } from '../connection/connection-scope.ts';
import { Inbox, type Match } from '../connection/inbox.ts';
import { Pending } from '../connection/pending.ts';
import { counted, type Traffic } from '../connection/traffic.ts';
import { classifyFailure, codeOf, type PeerConduct } from '../http/classify-failure.ts';
import { refuseUnknown } from '../options/unknown-option.ts';
import type { Patience, WebSocketConnection } from './web-socket-connection.ts';
import { WebSocketError } from './web-socket-error.ts';
import { WebSocketMessage } from './web-socket-message.ts';
import type { WebSocketMeters } from './web-socket-meters.ts';

/** How long the peer gets to answer that the connection is to be closed, ms. */
const CLOSE_MS = 2000;
/** Codes of an end that nobody is to blame for: done, going away, and without a code (RFC 6455, section 7.4.1). */
const IN_ORDER: ReadonlySet<number> = new Set([1000, 1001, 1005]);
/** Not sent by anybody: there was no closing handshake. */
const ABNORMAL = 1006;

export type WebSocketParts = {
  /** Open, and paused: what comes with the answer to the handshake is not to be missed. */
  readonly socket: WebSocket;
  readonly name: string;
  readonly timeoutMs: number;
  readonly meters: ByScenario<WebSocketMeters>;
  readonly traffic: Traffic;
  /** What the peer does to the connection, as far as it has. */
  readonly conduct: () => PeerConduct;
};

/** A WebSocket whose messages and failures are counted. */
export class MeasuredWebSocket implements WebSocketConnection, Connection {
  readonly #parts: WebSocketParts;
  readonly #socket: WebSocket;
  readonly #openedMs = performance.now();
  readonly #inbox: Inbox<WebSocketMessage>;
  /** Whoever waits for something else than a message. */
  readonly #pending = new Pending();
  readonly #closed = Promise.withResolvers<void>();
  #pings = 0;
  #closing = false;
  #failed = false;
  /** Why it cannot be used any more. */
  #end: WebSocketError | undefined;

  constructor(parts: WebSocketParts) {
    this.#parts = parts;
    const { socket } = parts;
    this.#socket = socket;
    this.#inbox = new Inbox({
      sizeOf: ({ bytes }) => bytes.length,
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    });
    socket.on('message', (data, isBinary) => this.#onMessage(data as Buffer, isBinary));
    socket.on('error', (error) => this.#onError(error));
    socket.on('close', (code, reason) => this.#onClose(code, reason.toString()));
    // From now on somebody listens.
    socket.resume();
    parts.traffic.scope.add(this);
  }

  get url(): string {
    return this.#socket.url;
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  get isOpen(): boolean {
    return this.#end === undefined && !this.#closing;
  }

  async send(message: string | Uint8Array, options?: Patience): Promise<void> {
    await this.#refuseIfEnded();
    const size = typeof message === 'string' ? Buffer.byteLength(message) : message.byteLength;
    // What could not be sent ends the connection, of which everybody who waits hears.
    const begin = (done: () => void): void => this.#socket.send(message, (error) => (error ? undefined : done()));
    await this.#within(options, 'room to send', begin);
    const { now } = this.#parts.meters;
    const nowMs = performance.now();
    now.messagesSent(1, nowMs);
    now.bytesSent(size, nowMs);
  }

  sendJson(value: unknown, options?: Patience): Promise<void> {
    return this.send(JSON.stringify(value), options);
  }

  receive(options?: Patience): Promise<WebSocketMessage> {
    return this.#take(options, undefined);
  }

  waitFor(match: Match<WebSocketMessage>, options?: Patience): Promise<WebSocketMessage> {
    return this.#take(options, match);
  }

  async ping(options?: Patience): Promise<number> {
    await this.#refuseIfEnded();
    const fromMs = performance.now();
    const mark = String(++this.#pings);
    let onPong = (_: Buffer): void => undefined;
    try {
      await this.#within(options, 'pong', (done) => {
        onPong = (data) => (data.toString() === mark ? done() : undefined);
        this.#socket.on('pong', onPong);
        this.#socket.ping(mark);
      });
    } finally {
      this.#socket.off('pong', onPong);
    }
    const toMs = performance.now();
    this.#parts.meters.now.ping(toMs - fromMs, fromMs, toMs);
    return toMs - fromMs;
  }

  async close(code = 1000, reason = ''): Promise<void> {
    if (this.isOpen) {
      this.#closing = true;
      // The answer may lie behind messages that nobody has read.
      this.#socket.resume();
      this.#socket.close(code, reason);
    }
    const timer = setTimeout(() => {
      this.#finish(this.#fail(tooLate('answer to the close', CLOSE_MS)));
      this.#socket.terminate();
    }, CLOSE_MS);
    await this.#closed.promise;
    clearTimeout(timer);
  }

  cut(): void {
    this.#finish(this.#errorOf(CUT));
    this.#socket.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #take(options: Patience | undefined, match: Match<WebSocketMessage> | undefined): Promise<WebSocketMessage> {
    const fromMs = performance.now();
    const timeoutMs = this.#timeoutOf(options);
    const late = (): WebSocketError => this.#fail(tooLate(match ? 'matching message' : 'message', timeoutMs), fromMs);
    const message = await this.#inbox.take({ timeoutMs, late }, match).catch((error: unknown) => this.#rethrow(error));
    const toMs = performance.now();
    this.#parts.meters.now.waiting(toMs - fromMs, fromMs, toMs);
    // An inbox that ends, ends with an error.
    return message ?? this.#rethrow(this.#end);
  }

  #timeoutOf(options: Patience | undefined): number {
    if (options) refuseUnknown('a wait for a WebSocket', options, ['timeout' satisfies keyof Patience]);
    return options?.timeout ?? this.#parts.timeoutMs;
  }

  async #refuseIfEnded(): Promise<void> {
    if (!this.isOpen) await this.#rethrow(this.#end ?? this.#errorOf(CLOSED));
  }

  /** In a later turn of the event loop: a scenario that tries again for ever must not block it. */
  async #rethrow(error: unknown): Promise<never> {
    await nextTurn();
    // A peer that has closed in good order is at fault for whoever goes on.
    throw error instanceof WebSocketError ? this.#count(error) : error;
  }

  /** Waits for `done` to be called, until the connection ends or the time is over. */
  async #within(options: Patience | undefined, what: string, begin: (done: () => void) => void): Promise<void> {
    const fromMs = performance.now();
    const timeoutMs = this.#timeoutOf(options);
    const late = (): WebSocketError => this.#fail(tooLate(what, timeoutMs), fromMs);
    await this.#pending.wait(begin, { timeoutMs, late }).catch((error: unknown) => this.#rethrow(error));
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    const { now } = this.#parts.meters;
    const nowMs = performance.now();
    now.messagesReceived(1, nowMs);
    now.bytesReceived(data.length, nowMs);
    if (this.isOpen) this.#inbox.push(new WebSocketMessage(data, isBinary));
  }

  /** `ws` tells here what the peer did against the protocol; errors of the network it keeps to itself. */
  #onError(error: Error): void {
    const code = codeOf(error);
    const tooLong = code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    const failure = tooLong ? 'other' : code.startsWith('WS_ERR_') ? 'protocol' : classifyFailure(error);
    this.#finish(this.#fail({ failure, reason: networkReason(failure, error), cause: error }));
    this.#socket.terminate();
  }

  #onClose(code: number, reason: string): void {
    if (this.#end === undefined) this.#finish(this.#endOf(code, reason));
    this.#closed.resolve();
  }

  #endOf(code: number, reason: string): WebSocketError {
    if (this.#closing) return this.#errorOf(CLOSED, code);
    if (code === ABNORMAL) {
      const failure = this.#parts.conduct().reset ? 'reset' : 'eof';
      return this.#fail({ failure, reason: networkReason(failure, undefined) });
    }
    const text = `the peer closed the connection with ${code}${reason === '' ? '' : ` (${reason})`}`;
    if (IN_ORDER.has(code)) return this.#errorOf({ failure: 'eof', reason: text }, code);
    return this.#count(this.#errorOf({ failure: 'status', reason: text }, code));
  }

  /** It is over: no more can be sent, and only what is there already can be read. */
  #finish(error: WebSocketError): void {
    if (this.#end) return;
    this.#end = error;
    const { meters, traffic } = this.#parts;
    const leftWaiting = error.failure !== 'aborted' && this.#inbox.isAwaited;
    const nowMs = performance.now();
    meters.now.duration(nowMs - this.#openedMs, this.#openedMs, nowMs);
    meters.now.failed(this.#failed || leftWaiting, this.#openedMs, nowMs);
    traffic.scope.delete(this);
    this.#inbox.end(error);
    this.#pending.reject(error);
  }

  /** Makes an error and counts it. */
  #fail(failing: Failing, fromMs?: number): WebSocketError {
    return this.#count(this.#errorOf(failing), fromMs);
  }

  #count(error: WebSocketError, fromMs = performance.now()): WebSocketError {
    this.#failed ||= error.failure !== 'aborted';
    return counted(this.#parts.traffic, this.#parts.name, error, fromMs);
  }

  #errorOf(failing: Failing, code?: number): WebSocketError {
    return new WebSocketError(this.#socket.url, failing, code);
  }
}
