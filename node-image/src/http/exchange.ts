import type { Dispatcher } from 'undici';
import { classifyFailure } from './classify-failure.ts';
import type { Connection } from './connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { DeadlineError, type Expiring, requestDeadlines } from './deadlines.ts';
import type { FailureClass } from './failure-class.ts';
import { type HeaderRecord, HttpResponse } from './http-response.ts';
import type { PreparedRequest } from './prepare-request.ts';
import { RequestError } from './request-error.ts';
import type { RequestSample } from './request-sample.ts';
import { requestBytes, responseHeadBytes } from './wire-size.ts';

/** Fault ids are in this header of the responses that the chaos proxy makes up or changes. */
const FAULT_HEADER = 'x-vaurien-fault';

const NO_HEADERS: HeaderRecord = {};

export type ExchangeSpec = {
  readonly request: PreparedRequest;
  readonly url: string;
  readonly name: string;
  readonly timeoutMs: number;
  readonly expectStatus: (status: number) => boolean;
};

/** What an exchange needs of its client. */
export type ExchangeOwner = {
  /** Monotonic, in ms. */
  readonly clock: () => number;
  /** Hears of the end of every exchange, once. */
  onSettled(exchange: Exchange, sample: RequestSample): void;
};

/** One request with its response: undici's handler, the deadline's, and the maker of the sample. Settles exactly once. */
export class Exchange implements Dispatcher.DispatchHandler, Expiring {
  readonly request: PreparedRequest;
  readonly response: Promise<HttpResponse>;
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #spec: ExchangeSpec;
  readonly #owner: ExchangeOwner;
  readonly #pool: ConnectionPool;
  readonly #startMs: number;
  readonly #deadline: number;
  readonly #body: Buffer[] = [];
  #connection: Connection | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #writtenMs = -1;
  #headMs = -1;
  #status = 0;
  #headers: HeaderRecord = NO_HEADERS;
  #bytesReceived = 0;
  #settled = false;

  constructor(spec: ExchangeSpec, owner: ExchangeOwner, pool: ConnectionPool) {
    const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
    this.request = spec.request;
    this.response = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#spec = spec;
    this.#owner = owner;
    this.#pool = pool;
    this.#startMs = owner.clock();
    this.#deadline = requestDeadlines.add(this, spec.timeoutMs);
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Sends the request on a connection that is free. */
  start(connection: Connection): void {
    this.#connection = connection;
    connection.carry(this);
  }

  /** The deadline has passed. */
  expire(): void {
    this.cut('timeout', new DeadlineError(this.#spec.timeoutMs));
  }

  /** Ends the exchange now, in whatever state it is. */
  cut(failure: FailureClass, cause: Error): void {
    if (this.#settled) return;
    const connecting = this.#controller === undefined ? this.#connection : undefined;
    if (connecting !== undefined) this.#connection = undefined;
    this.#fail(failure, cause);
    if (connecting !== undefined) this.#pool.discard(connecting);
    else this.#controller?.abort(cause);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#writtenMs = this.#owner.clock();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: HeaderRecord,
    statusText = '',
  ): void {
    this.#bytesReceived += responseHeadBytes(controller.rawHeaders, statusText);
    // Informational responses (RFC 9110, section 15.2) come before the one that is waited for.
    if (status < 200) return;
    this.#headMs = this.#owner.clock();
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body.push(chunk);
    this.#bytesReceived += chunk.length;
  }

  onResponseEnd(): void {
    // undici takes an RST for the end of a body that has no stated length.
    if (this.#connection?.peer.reset) this.#fail('reset', new Error('connection reset'));
    else this.#succeed();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#fail(classifyFailure(error, this.#connection?.peer ?? { ended: false, reset: false }), error);
  }

  #succeed(): void {
    if (this.#settled) return;
    const { request, url, name, expectStatus } = this.#spec;
    const ok = expectStatus(this.#status);
    const sample = this.#settle(ok ? undefined : 'status', undefined);
    this.#resolve(
      new HttpResponse({
        method: request.method,
        status: this.#status,
        ok,
        headers: this.#headers,
        body: this.#body,
        url,
        name,
        durationMs: sample.durationMs,
        waitingMs: sample.waitingMs,
      }),
    );
  }

  #fail(failure: FailureClass, cause: Error): void {
    if (this.#settled) return;
    const error = new RequestError(this.request.method, this.#spec.url, failure, cause);
    this.#settle(failure, error);
    this.#reject(error);
  }

  #settle(failure: FailureClass | undefined, error: RequestError | undefined): RequestSample {
    this.#settled = true;
    requestDeadlines.cancel(this, this.#deadline);
    const sample = this.#sample(failure, error);
    if (this.#connection !== undefined) this.#pool.release(this.#connection);
    this.#owner.onSettled(this, sample);
    return sample;
  }

  #sample(failure: FailureClass | undefined, error: RequestError | undefined): RequestSample {
    const startMs = this.#startMs;
    const endMs = this.#owner.clock();
    const written = this.#writtenMs >= 0;
    const fromMs = written ? this.#writtenMs : startMs;
    const headMs = this.#headMs >= 0 ? this.#headMs : endMs;
    const fault = this.#headers[FAULT_HEADER];
    return {
      name: this.#spec.name,
      method: this.request.method,
      status: this.#status,
      failed: failure !== undefined,
      failure,
      error,
      startMs,
      endMs,
      durationMs: endMs - fromMs,
      waitingMs: written ? headMs - fromMs : 0,
      blockedMs: (written ? fromMs : endMs) - startMs,
      bytesSent: written ? requestBytes(this.request, this.#pool.host) : 0,
      bytesReceived: this.#bytesReceived,
      faultId: typeof fault === 'object' ? fault[0] : fault,
    };
  }
}
