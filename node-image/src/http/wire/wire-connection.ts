import type { Socket } from 'node:net';
import { asError } from '../as-error.ts';
import { StreamedBody } from '../body/streamed-body.ts';
import { classifyFailure } from '../classify-failure.ts';
import type { FailureClass } from '../failure-class.ts';
import { type Endpoint, openSocket, readyEvent } from '../open-socket.ts';
import type { Carried, Carrier, Opening } from '../transport.ts';
import type { HeadCache } from './head-cache.ts';
import { OpeningClock } from './opening-clock.ts';
import { ProtocolError } from './protocol-error.ts';
import type { RequestEncoder } from './request-encoder.ts';
import type { ResponseHead } from './response-head.ts';
import type { ResponseLimits } from './response-limits.ts';
import { ResponseParser, type ResponseSink } from './response-parser.ts';
import { type Deliverable, turnEnd } from './turn-end.ts';
import { writeRequest } from './write-request.ts';
import { writeStreamed } from './write-streamed.ts';

/** Every connection reads into this one: what is read is taken out before the next read. Idle ones cost no buffer. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);
/** A server may close this long before the time that it names, ms. */
const KEEP_ALIVE_MARGIN_MS = 1000;

/** What the connections of one origin share. */
export type WireSettings = {
  readonly endpoint: Endpoint;
  readonly limits: ResponseLimits;
  readonly heads: HeadCache;
  readonly encoder: RequestEncoder;
  /** The TLS session of the last connection, for the next one. */
  session: Buffer | undefined;
};

/** Who keeps a connection. */
export type ConnectionOwner = {
  /** Its exchange has ended, and it can carry another one. */
  onFree(connection: WireConnection): void;
  /** It carries nothing any more. */
  onGone(connection: WireConnection): void;
};

/**
 * An HTTP/1.1 connection of our own over TCP or TLS. It carries one exchange at a time, is opened for its first one, and
 * ends with its socket: it never connects again.
 */
export class WireConnection implements Carrier, Deliverable, ResponseSink {
  readonly #settings: WireSettings;
  readonly #owner: ConnectionOwner;
  readonly #parser: ResponseParser;
  #socket: Socket | undefined;
  #opening: OpeningClock | undefined;
  #exchange: Carried | undefined;
  /** Of the exchange's request. */
  #head = '';
  /** Its response waits for the end of the turn. */
  #completed: Carried | undefined;
  #reusable = false;
  /** Its request's body is still being read. */
  #streaming = false;
  #gone = false;
  /** Its owner's: the connection that is idle since before this one. */
  nextIdle: WireConnection | undefined;
  /** When the server will have closed it, ms of `performance.now`. */
  #staleAtMs = Number.POSITIVE_INFINITY;

  constructor(settings: WireSettings, owner: ConnectionOwner) {
    this.#settings = settings;
    this.#owner = owner;
    this.#parser = new ResponseParser(settings.limits, settings.heads, this);
  }

  /** It is idle, and the server has said that it would close it by now. */
  get stale(): boolean {
    return this.#staleAtMs !== Number.POSITIVE_INFINITY && performance.now() >= this.#staleAtMs;
  }

  /** Sends an exchange; it must be the only one. */
  carry(exchange: Carried): void {
    try {
      this.#head = this.#settings.encoder.encode(exchange.request);
    } catch (error) {
      exchange.onFailure('other', asError(error));
      this.#owner.onFree(this);
      return;
    }
    exchange.carrier = this;
    this.#exchange = exchange;
    if (this.#socket === undefined) this.#tryToOpen(exchange);
    else this.#send(this.#socket, exchange, undefined);
  }

  abandon(): void {
    this.#detach();
    this.#end();
  }

  /** Closes it at once, also while it connects. */
  async destroy(): Promise<void> {
    this.#detach();
    this.#gone = true;
    const socket = this.#socket;
    if (socket === undefined || socket.closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.once('close', () => resolve()).destroy();
    await promise;
  }

  onHead(head: ResponseHead): void {
    this.#exchange?.onHead(head);
  }

  onBody(chunk: Buffer): void {
    this.#exchange?.onBody(chunk);
  }

  /** Settings that Node refuses fail the exchange, as what the network refuses does. */
  #tryToOpen(exchange: Carried): void {
    try {
      this.#open();
    } catch (error) {
      const failure = classifyFailure(error);
      this.#detach();
      exchange.onFailure(failure, asError(error));
      this.#end();
    }
  }

  #open(): void {
    const settings = this.#settings;
    const { endpoint } = settings;
    const onread = { buffer: READ_BUFFER, callback: (bytes: number) => this.#onRead(bytes) };
    const socket = openSocket(endpoint, { onread, session: settings.session });
    this.#socket = socket;
    this.#opening = new OpeningClock(socket, endpoint.secure);
    socket.once(readyEvent(endpoint), () => this.#onReady(socket));
    socket.on('error', (error) => this.#fail(classifyFailure(error), error));
    // Both come once anyway, and `once` costs an idle connection 170 bytes.
    socket.on('end', () => this.#onPeerEnd());
    socket.on('close', () => this.#fail('eof', new Error('the connection was closed')));
    if (endpoint.secure) {
      socket.on('session', (session: Buffer) => {
        settings.session = session;
      });
    }
  }

  #onReady(socket: Socket): void {
    const opening = this.#opening?.stop();
    this.#opening = undefined;
    if (this.#exchange !== undefined) this.#send(socket, this.#exchange, opening);
  }

  #send(socket: Socket, exchange: Carried, opening: Opening | undefined): void {
    const { method, body } = exchange.request;
    const head = this.#head;
    this.#parser.begin(method);
    exchange.onWritten(head.length + (body === null ? 0 : body.length), opening);
    if (body instanceof StreamedBody) {
      socket.write(head, 'latin1');
      this.#stream(socket, exchange, body);
    } else writeRequest(socket, head, body, exchange);
  }

  #stream(socket: Socket, exchange: Carried, body: StreamedBody): void {
    this.#streaming = true;
    writeStreamed(socket, body, () => this.#exchange === exchange).then(
      () => {
        this.#streaming = false;
        exchange.onSent();
      },
      (error: unknown) => {
        if (this.#exchange === exchange) this.#fail('other', asError(error));
      },
    );
  }

  #onRead(bytes: number): boolean {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      // Nobody has asked for it, so nothing that comes here can be trusted any more.
      this.#end();
      return false;
    }
    const parser = this.#parser;
    exchange.onReceived(bytes);
    let read: number;
    try {
      read = parser.execute(READ_BUFFER, bytes);
    } catch (error) {
      this.#fail(isTooLarge(error) ? 'other' : 'protocol', asError(error));
      return false;
    }
    if (parser.done) this.#complete(exchange, read === bytes);
    return !this.#gone;
  }

  #onPeerEnd(): void {
    const exchange = this.#exchange;
    if (exchange !== undefined && this.#parser.finish()) this.#complete(exchange, false);
    else this.#fail('eof', new Error('the peer closed the connection'));
  }

  /** The response is complete. `clean` says that nothing came behind it. */
  #complete(exchange: Carried, clean: boolean): void {
    const head = this.#parser.head;
    // A request that is still being sent would mix with the next one.
    this.#reusable =
      clean &&
      !this.#streaming &&
      head?.persistent === true &&
      this.#socket?.writableLength === 0 &&
      !asksToClose(exchange);
    if (head !== undefined && head.keepAliveMs >= 0) {
      this.#staleAtMs = performance.now() + Math.max(0, head.keepAliveMs - KEEP_ALIVE_MARGIN_MS);
    }
    this.#detach();
    this.#completed = exchange;
    turnEnd.add(this);
  }

  /** Hands the complete response out, and is free for the next exchange if it can be. */
  deliver(): void {
    this.#completed?.onEnd();
    this.#completed = undefined;
    if (this.#reusable && !this.#gone) this.#owner.onFree(this);
    else this.#end();
  }

  #fail(failure: FailureClass, cause: Error): void {
    const exchange = this.#exchange;
    this.#detach();
    exchange?.onFailure(failure, cause);
    this.#end();
  }

  #detach(): void {
    if (this.#exchange !== undefined) this.#exchange.carrier = undefined;
    this.#exchange = undefined;
  }

  #end(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#socket?.destroy();
    this.#owner.onGone(this);
  }
}

function asksToClose({ request }: Carried): boolean {
  return request.headers.connection?.toLowerCase() === 'close';
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === 'ERR_HTTP_BODY_TOO_LARGE';
}
