import { DeadlineError, Expiring, requestDeadlines } from './deadlines.ts';
import type { FailureClass } from './failure-class.ts';
import { HttpResponse } from './http-response.ts';
import type { PreparedRequest } from './prepare-request.ts';
import { RequestError } from './request-error.ts';
import type { RequestSample } from './request-sample.ts';
import type { ResponseHeaders } from './response-headers.ts';
import type { Carried, Carrier, Opening, Transport } from './transport.ts';

/** Fault ids are in this header of the responses that the chaos proxy makes up or changes. */
const FAULT_HEADER = 'x-vaurien-fault';

const NO_HEADERS: ResponseHeaders = { status: 0, headers: {}, header: () => undefined };
const NO_BODY: Buffer[] = [];

export type ExchangeSpec = {
  readonly request: PreparedRequest;
  readonly origin: string;
  readonly name: string;
  readonly timeoutMs: number;
  readonly expectStatus: (status: number) => boolean;
};

/** What an exchange needs of its client. */
export type ExchangeOwner = {
  /** Monotonic, in ms. */
  readonly clock: () => number;
  /** `clock` is the deadlines' own, so that one reading serves both. */
  readonly realTime: boolean;
  /** Hears of the end of every exchange, once. */
  onSettled(exchange: Exchange, sample: RequestSample): void;
};

/** One request with its response: what a transport carries, what a deadline cuts, and the maker of the sample. Settles exactly once. */
export class Exchange extends Expiring implements Carried {
  readonly request: PreparedRequest;
  readonly response: Promise<HttpResponse>;
  carrier: Carrier | undefined;
  /** Its place among those under way, which its client keeps. */
  place = 0;
  readonly #spec: ExchangeSpec;
  readonly #owner: ExchangeOwner;
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #startMs: number;
  #body = NO_BODY;
  #head = NO_HEADERS;
  #opening: Opening | undefined;
  #writtenMs = -1;
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
    this.#spec = spec;
    this.#owner = owner;
    this.#startMs = owner.clock();
    requestDeadlines.add(this, spec.timeoutMs, owner.realTime ? this.#startMs : undefined);
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
    this.cut('timeout', new DeadlineError(this.#spec.timeoutMs));
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
    this.#writtenMs = this.#submitting ? this.#startMs : this.#owner.clock();
    this.#bytesSent = bytes;
    this.#opening = opening;
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
    const { request, origin, name } = this.#spec;
    let ok: boolean;
    try {
      ok = this.#spec.expectStatus(this.#head.status);
    } catch (error) {
      this.onFailure('other', error instanceof Error ? error : new Error(String(error)));
      return;
    }
    // Also when only a FIN says that this was the last byte.
    const endMs = this.#receivedMs;
    const { durationMs, waitingMs } = this.#settle(ok ? undefined : 'status', undefined, endMs);
    this.#resolve(
      new HttpResponse({ request, origin, name, ok, head: this.#head, body: this.#body, durationMs, waitingMs }),
    );
  }

  onFailure(failure: FailureClass, cause: Error): void {
    if (this.#settled) return;
    const { method, path } = this.request;
    const error = new RequestError(method, this.#spec.origin + path, failure, cause);
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
    const startMs = this.#startMs;
    const written = this.#writtenMs >= 0;
    const fromMs = written ? this.#writtenMs : startMs;
    const headMs = this.#headMs >= 0 ? this.#headMs : endMs;
    return {
      name: this.#spec.name,
      method: this.request.method,
      status: this.#head.status,
      failed: failure !== undefined,
      failure,
      error,
      startMs,
      endMs,
      durationMs: endMs - fromMs,
      waitingMs: written ? headMs - fromMs : 0,
      receivingMs: endMs - headMs,
      blockedMs: (written ? fromMs : endMs) - startMs,
      opening: this.#opening,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      faultId: this.#head.header(FAULT_HEADER),
      origin: this.#spec.origin,
      request: this.request,
      head: this.#head,
    };
  }
}
