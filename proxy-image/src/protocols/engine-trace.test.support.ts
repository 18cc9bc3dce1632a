import type { Answer, Codec, Request } from './exchange/codec.ts';

type Exchange = {
  readonly request: Request;
  readonly answer: Answer | undefined;
  /** Its bytes do not go on to the backend. */
  readonly swallows: boolean;
  /** The backend will answer it. */
  readonly awaits: boolean;
  complete: boolean;
};

/** Where a fault answers a request: before the backend gets it, or in the place of the backend's answer. */
export type Point = 'before' | 'forwarded';

export type Side = 'client' | 'backend';

/** Feeds a codec as the exchange engine does, and notes what it finds, each with the offset at which it ends. */
export class EngineTrace {
  readonly events: string[] = [];
  readonly requests: Request[] = [];
  /** An answer has ended the connection. */
  closed = false;
  readonly #codec: Codec;
  readonly #fault: (request: Request) => Point | undefined;
  readonly #offsets: Record<Side, number> = { client: 0, backend: 0 };
  readonly #sent: Record<Side, Buffer[]> = { client: [], backend: [] };
  readonly #taken: Record<Side, number> = { client: 0, backend: 0 };
  readonly #queue: Exchange[] = [];
  #current: Exchange | undefined;
  #held: Buffer[] = [];
  #opaque = false;

  constructor(codec: Codec, fault: (request: Request) => Point | undefined = () => undefined) {
    this.#codec = codec;
    this.#fault = fault;
  }

  /** What has gone to either side, as latin1. */
  sentTo(side: Side): string {
    return Buffer.concat(this.#sent[side]).toString('latin1');
  }

  /** What has gone to either side since it was taken last. */
  take(side: Side): Buffer {
    const parts = this.#sent[side].slice(this.#taken[side]);
    this.#taken[side] += parts.length;
    return Buffer.concat(parts);
  }

  /** Requests that wait for their answer. */
  get waiting(): number {
    return this.#queue.length;
  }

  client(bytes: string | Buffer): this {
    const chunk = asBuffer(bytes);
    let from = 0;
    let headed = false;
    while (!this.#opaque && (from < chunk.length || headed)) {
      const step = this.#codec.readClient(chunk, from);
      const end = endOf(step, chunk, from);
      const part = chunk.subarray(from, end);
      headed = step.kind === 'head';
      if (step.kind === 'head') this.#begin(step.request, part, end);
      else if (step.kind === 'continued') this.#pass('backend', part);
      else if (step.kind !== 'opaque') this.#take(part);
      if (step.kind === 'complete') this.#completeRequest();
      this.#note('client', step.kind, end, step.kind === 'head' ? step.request.operation : '');
      if (!this.#opaque) from = end;
    }
    if (this.#opaque) this.#pass('backend', ...this.#held.splice(0), chunk.subarray(from));
    this.#offsets.client += chunk.length;
    return this;
  }

  backend(bytes: string | Buffer): this {
    const chunk = asBuffer(bytes);
    let from = 0;
    while (from < chunk.length && !this.#opaque) {
      const oldest = this.#queue[0];
      const exchange = oldest?.awaits ? oldest : undefined;
      const step = this.#codec.readBackend(chunk, from, exchange?.request);
      const end = endOf(step, chunk, from);
      this.#note('backend', step.kind, end, step.kind === 'complete' ? (exchange?.request.operation ?? 'NOTHING') : '');
      if (step.kind === 'opaque') break;
      if (step.kind === 'unasked' || !exchange?.answer) this.#pass('client', chunk.subarray(from, end));
      if (step.kind === 'complete') {
        this.#queue.shift();
        if (exchange?.answer) this.#give(exchange.answer);
        this.#settle();
      }
      from = end;
    }
    if (this.#opaque) this.#pass('client', chunk.subarray(from));
    this.#offsets.backend += chunk.length;
    return this;
  }

  #begin(request: Request, part: Buffer, end: number): void {
    this.requests.push(request);
    const { instead } = request;
    const point = request.judged ? this.#fault(request) : undefined;
    if (point) {
      const error = { id: 'f1', code: undefined, message: undefined, draw: 0, atMs: 0 };
      const answer = this.#codec.errorFor(request, error);
      this.#note('client', `fault ${point}`, end, request.operation);
      const instead = point === 'before' ? answer?.toBackend : undefined;
      const awaits = point === 'forwarded' || instead !== undefined;
      this.#enqueue({ request, answer, swallows: point === 'before', awaits, complete: false });
      if (instead) this.#pass('backend', instead);
      this.#settle();
    } else if (instead) {
      const answer = { bytes: instead.toClient, close: false };
      this.#enqueue({ request, answer, swallows: true, awaits: instead.toBackend !== undefined, complete: false });
      if (instead.toBackend) this.#pass('backend', instead.toBackend);
    } else this.#enqueue({ request, answer: undefined, swallows: false, awaits: request.answered, complete: false });
    this.#take(part);
  }

  #enqueue(exchange: Exchange): void {
    this.#current = exchange;
    if (exchange.awaits || exchange.answer) this.#queue.push(exchange);
  }

  #take(part: Buffer): void {
    this.#held.push(part);
    if (!this.#current) return;
    if (!this.#current.swallows) this.#pass('backend', ...this.#held);
    this.#held = [];
  }

  #completeRequest(): void {
    if (this.#current) this.#current.complete = true;
    this.#current = undefined;
    this.#settle();
  }

  #settle(): void {
    for (let oldest = this.#queue[0]; oldest && isOver(oldest); oldest = this.#queue[0]) {
      this.#queue.shift();
      if (oldest.answer) this.#give(oldest.answer);
    }
  }

  #give(answer: Answer): void {
    this.#pass('client', answer.bytes);
    if (answer.close) this.closed = true;
  }

  #pass(side: Side, ...parts: readonly Buffer[]): void {
    this.#sent[side].push(...parts);
  }

  #note(side: Side, kind: string, end: number, what: string): void {
    if (kind === 'more') return;
    if (kind === 'opaque') {
      this.#opaque = true;
      this.events.push(`${side} opaque`);
      return;
    }
    const begin = `${side} ${kind} `;
    // How a piece is cut does not matter where nothing is decided.
    const merges = (kind === 'continued' || kind === 'unasked') && this.events.at(-1)?.startsWith(begin);
    if (merges) this.events.pop();
    this.events.push(`${begin}${this.#offsets[side] + end}${what === '' ? '' : ` ${what}`}`);
  }
}

/** It waits for nobody: neither for the backend, nor for its own rest where its answer ends the connection. */
function isOver({ awaits, complete, answer }: Exchange): boolean {
  return !awaits && (complete || answer?.close === true);
}

function asBuffer(bytes: string | Buffer): Buffer {
  return typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
}

/** The end of a step, which must be progress unless it completes something. */
function endOf(step: { readonly kind: string; readonly end?: number }, chunk: Buffer, from: number): number {
  const end = step.end ?? chunk.length;
  const least = step.kind === 'complete' || step.end === undefined ? from : from + 1;
  if (end < least || end > chunk.length) throw new Error(`${step.kind} from ${from} to ${end} of ${chunk.length}`);
  return end;
}
