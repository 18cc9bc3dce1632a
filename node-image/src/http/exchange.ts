import { asError } from './as-error.ts';
import { codeOf } from './classify-failure.ts';
import { decodeBody } from './content-coding.ts';
import { DeadlineError, Expiring, requestDeadlines } from './deadlines.ts';
import { isExpected } from './expected-status.ts';
import type { FailureClass } from './failure-class.ts';
import { HttpResponse } from './http-response.ts';
import type { PreparedRequest } from './prepare-request.ts';
import { type NextRequest, RedirectError } from './redirect.ts';
import { RequestError } from './request-error.ts';
import type { RequestOptions } from './request-options.ts';
import type { RequestSample } from './request-sample.ts';
import type { ResponseHeaders } from './response-headers.ts';
import type { Carried, Carrier, Opening, Transport } from './transport.ts';

/** Fault ids are in this header of the responses that the chaos proxy makes up or changes. */
const FAULT_HEADER = 'x-vaurien-fault';

const NO_HEADERS: ResponseHeaders = { status: 0, headers: {}, header: () => undefined, marked: false };
const NO_BODY: Buffer[] = [];

export type ExchangeSpec = {
  readonly request: PreparedRequest;
  readonly origin: string;
  readonly name: string;
  /** For the whole call. */
  readonly timeoutMs: number;
  /** What is left of it, ms. */
  readonly leftMs: number;
  /** What the caller gave. */
  readonly options: RequestOptions;
  /** The step that it was begun in, '' for none. */
  readonly group: string;
  /** The request before its session added cookies. */
  readonly bare: PreparedRequest;
  /** How many redirects led to it. */
  readonly redirects: number;
};

/** What an exchange needs of its client. */
export type ExchangeOwner = {
  /** Monotonic, in ms. */
  readonly clock: () => number;
  /** `clock` is the deadlines' own, so that one reading serves both. */
  readonly realTime: boolean;
  /** Hears of the end of every exchange, once. */
  onSettled(exchange: Exchange, sample: RequestSample): void;
  /** How large a decoded body may become, bytes; -1: bodies are not decoded. */
  readonly maxDecodedBytes: number;
  /** The request that has to come before the caller gets a response, by the head of this one. Throws a RedirectError. */
  nextRequest(spec: ExchangeSpec, head: ResponseHeaders): NextRequest | undefined;
  /** Does what is left to do after a response, and gives it, or the one of the next request. */
  goOn(exchange: Exchange, response: HttpResponse, next: NextRequest | undefined): HttpResponse | Promise<HttpResponse>;
};

/** One request with its response: what a transport carries, what a deadline cuts, and the maker of the sample. Settles exactly once. */
export class Exchange extends Expiring implements Carried {
  readonly request: PreparedRequest;
  readonly response: Promise<HttpResponse>;
  carrier: Carrier | undefined;
  /** Its neighbours among those under way. */
  next: Exchange | undefined;
  previous: Exchange | undefined;
  readonly spec: ExchangeSpec;
  readonly #owner: ExchangeOwner;
  readonly #resolve: (response: HttpResponse | Promise<HttpResponse>) => void;
  readonly #reject: (error: Error) => void;
  /** When it was asked for. */
  readonly startMs: number;
  #body = NO_BODY;
  #head = NO_HEADERS;
  #opening: Opening | undefined;
  #writtenMs = -1;
  /** When the last byte of its request had been taken, where that was not at once. */
  #sentMs = -1;
  #headMs = -1;
  /** When the last bytes came: what they hold came then too. */
  #receivedMs = -1;
  #submitting = false;
  #bytesSent = 0;
  #bytesReceived = 0;
  #settled = false;

  constructor(spec: ExchangeSpec, owner: ExchangeOwner) {
    super();
    const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
    this.request = spec.request;
    this.response = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.spec = spec;
    this.#owner = owner;
    this.startMs = owner.clock();
    requestDeadlines.add(this, spec.leftMs, owner.realTime ? this.startMs : undefined);
  }

  get head(): ResponseHeaders {
    return this.#head;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** What has come of the response's body. */
  get body(): readonly Buffer[] {
    return this.#body;
  }

  /** The deadline has passed. */
  expire(): void {
    this.cut('timeout', new DeadlineError(this.spec.timeoutMs));
  }

  /** Ends the exchange now, in whatever state it is. */
  cut(failure: FailureClass, cause: Error): void {
    if (this.#settled) return;
    const { carrier } = this;
    this.onFailure(failure, cause);
    carrier?.abandon();
  }

  /** Hands it to a transport. Reading a clock is dear: what is written at once, was written at its start. */
  submitTo(transport: Transport): void {
    this.#submitting = true;
    transport.submit(this);
    this.#submitting = false;
  }

  onWritten(bytes: number, opening: Opening | undefined): void {
    this.#writtenMs = this.#submitting ? this.startMs : this.#owner.clock();
    this.#bytesSent = bytes;
    this.#opening = opening;
  }

  onSent(): void {
    if (!this.#settled && this.#headMs < 0) this.#sentMs = this.#owner.clock();
  }

  onReceived(bytes: number): void {
    this.#receivedMs = this.#owner.clock();
    this.#bytesReceived += bytes;
  }

  onHead(head: ResponseHeaders): void {
    this.#headMs = this.#receivedMs;
    this.#head = head;
  }

  onBody(chunk: Buffer): void {
    if (this.#body === NO_BODY) this.#body = [chunk];
    else this.#body.push(chunk);
  }

  onEnd(): void {
    if (this.#settled) return;
    const maxBytes = this.#owner.maxDecodedBytes;
    const encoding =
      this.#head.marked && maxBytes >= 0 && this.#body.length > 0 ? this.#head.header('content-encoding') : undefined;
    if (encoding === undefined) this.#complete(this.#body);
    else this.#decode(encoding, maxBytes);
  }

  /** What cannot be decoded is no complete response. */
  #decode(encoding: string, maxBytes: number): void {
    const failed = (error: Error): void =>
      this.onFailure(codeOf(error) === 'ERR_HTTP_BODY_TOO_LARGE' ? 'other' : 'protocol', error);
    try {
      const decoded = decodeBody(Buffer.concat(this.#body), encoding, maxBytes);
      if (decoded instanceof Promise) decoded.then((body) => this.#complete([body]), failed);
      else this.#complete([decoded]);
    } catch (error) {
      failed(asError(error));
    }
  }

  #complete(body: readonly Buffer[]): void {
    if (this.#settled) return;
    const { redirects, options } = this.spec;
    const { status } = this.#head;
    let next: NextRequest | undefined;
    let ok: boolean;
    try {
      next = status < 300 ? undefined : this.#owner.nextRequest(this.spec, this.#head);
      ok = next !== undefined || isExpected(status, options.expectStatus);
    } catch (error) {
      this.onFailure(error instanceof RedirectError ? 'redirect' : 'other', asError(error));
      return;
    }
    // Also when only a FIN says that this was the last byte.
    const endMs = this.#receivedMs;
    const sample = this.#settle(ok ? undefined : 'status', undefined, endMs);
    const response = new HttpResponse(sample, { ok, body, redirected: redirects > 0 });
    this.#resolve(next === undefined && !this.#head.marked ? response : this.#owner.goOn(this, response, next));
  }

  onFailure(failure: FailureClass, cause: Error): void {
    if (this.#settled) return;
    const { method, path } = this.request;
    const error = new RequestError(method, this.spec.origin + path, failure, cause);
    this.#settle(failure, error, this.#owner.clock());
    this.#reject(error);
  }

  #settle(failure: FailureClass | undefined, error: RequestError | undefined, endMs: number): RequestSample {
    this.#settled = true;
    requestDeadlines.cancel(this);
    const sample = this.#sample(failure, error, endMs);
    this.#owner.onSettled(this, sample);
    return sample;
  }

  #sample(failure: FailureClass | undefined, error: RequestError | undefined, endMs: number): RequestSample {
    const startMs = this.startMs;
    const written = this.#writtenMs >= 0;
    const fromMs = written ? this.#writtenMs : startMs;
    const headMs = this.#headMs >= 0 ? this.#headMs : endMs;
    const sentMs = this.#sentMs >= 0 ? this.#sentMs : fromMs;
    return {
      name: this.spec.name,
      method: this.request.method,
      status: this.#head.status,
      failed: failure !== undefined,
      failure,
      error,
      startMs,
      endMs,
      durationMs: endMs - fromMs,
      sendingMs: sentMs - fromMs,
      waitingMs: written ? headMs - sentMs : 0,
      receivingMs: endMs - headMs,
      blockedMs: (written ? fromMs : endMs) - startMs,
      opening: this.#opening,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      faultId: this.#head.header(FAULT_HEADER),
      group: this.spec.group,
      origin: this.spec.origin,
      request: this.request,
      head: this.#head,
    };
  }
}
