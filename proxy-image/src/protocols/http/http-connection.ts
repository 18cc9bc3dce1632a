import type { Injection } from '../../proxy/injection.ts';
import type { Session } from '../../proxy/session.ts';
import type { ConnectionHandler } from '../protocol.ts';
import { errorResponse } from './error-response.ts';
import {
  expectsContinue,
  keepsAlive,
  mayBeRequest,
  operationOf,
  parseRequestHead,
  parseResponseHead,
  type RequestHead,
  type ResponseHead,
} from './head.ts';
import { MessageReader } from './message-reader.ts';

/** What happens to the next byte from the client. */
type Intake =
  /** It belongs to the head of the next request; no response is due. */
  | 'head'
  /** It belongs to a request that is forwarded. */
  | 'forward'
  /** It belongs to a request that is answered here, and is discarded. */
  | 'swallow'
  /** It waits, until the response is complete or the request is held no longer. */
  | 'wait'
  /** It is passed on unread. */
  | 'opaque'
  /** The connection is over. */
  | 'gone';

/** From here on a client that sends ahead is not read any more, in bytes. */
const FULL_QUEUE = 64 * 1024;

/**
 * One HTTP/1 connection. Its unit of choice is the request, judged when its head is complete. Requests that the client
 * sends ahead (pipelining) wait until the response before them is complete, so that answers keep their order. Every
 * byte that is passed on is passed on unchanged.
 */
export class HttpConnection implements ConnectionHandler {
  readonly #session: Session;
  readonly #requests = new MessageReader<RequestHead>({ parse: parseRequestHead, mayBe: mayBeRequest });
  readonly #responses = new MessageReader<ResponseHead>({
    parse: (text) => parseResponseHead(text, this.#method),
    mayBe: () => true,
  });
  #intake: Intake = 'head';
  /** What the client sent ahead; not empty only while the intake waits. */
  readonly #queue: Buffer[] = [];
  #queuedBytes = 0;
  #requestNumber = 0;
  /** Of the request that was forwarded last. */
  #method = '';
  #responseDue = false;
  /** The head of a request that a fault holds, and the way to call the wait off. */
  #held: readonly Buffer[] = [];
  #cancelHold: (() => void) | undefined;
  /** The error that takes the place of the response, due when the request is complete. */
  #error: { readonly injection: Injection; readonly request: RequestHead } | undefined;
  #clientDone = false;
  #backendDone = false;

  constructor(session: Session) {
    this.#session = session;
  }

  fromClient(chunk: Buffer): void {
    if (this.#intake === 'opaque') {
      this.#session.toBackend(chunk);
    } else if (this.#intake === 'wait') {
      this.#queue.push(chunk);
      this.#queuedBytes += chunk.length;
      this.#session.holdIntake(this.#queuedBytes >= FULL_QUEUE);
    } else {
      this.#consume(chunk);
    }
  }

  clientEnded(): void {
    this.#clientDone = true;
    this.#passEndOn();
  }

  fromBackend(chunk: Buffer): void {
    if (this.#intake === 'swallow') {
      // It speaks out of turn (a timeout, say) while this request gets its answer here.
      this.#backendDone = true;
      return;
    }
    let at = 0;
    while (at < chunk.length && this.#responseDue) at = this.#readResponse(chunk, at);
    // Before the queue moves on: the answer to the next request may come from here.
    this.#session.toClient(chunk);
    if (at < chunk.length && this.#intake !== 'opaque') this.#turnOpaque();
    this.#advance();
  }

  backendEnded(): void {
    this.#backendDone = true;
    if (this.#intake === 'swallow') return;
    // No answer can follow the end, not even an injected one.
    if (this.#intake !== 'opaque') this.#relayOnly();
    this.#session.endClient();
    this.#passEndOn();
  }

  #consume(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#intake === 'gone') return;
      if (this.#intake === 'wait') {
        const rest = chunk.subarray(at);
        this.#queue.unshift(rest);
        this.#queuedBytes += rest.length;
        return;
      }
      at = this.#readRequest(chunk, at);
    }
  }

  /** Reads one request, as far as the chunk goes; gives the index after what was dealt with. */
  #readRequest(chunk: Buffer, from: number): number {
    const requests = this.#requests;
    let end = from;
    if (this.#intake === 'head') {
      end = requests.read(chunk, from);
      const goesOn = requests.head ? this.#begin(requests.head, chunk.subarray(from, end)) : requests.invalid;
      if (!goesOn) return end;
    }
    if (requests.head && !requests.complete) end = requests.read(chunk, end);
    if (requests.invalid) return this.#giveUp(chunk, from);
    if (this.#intake === 'forward')
      this.#session.toBackend(end - from === chunk.length ? chunk : chunk.subarray(from, end));
    if (requests.complete) this.#completeRequest();
    return end;
  }

  /**
   * Decides about a request, and says whether to read on in it. `headBytes` are those of the chunk at hand, which the
   * caller forwards together with the body.
   */
  #begin(head: RequestHead, headBytes: Buffer): boolean {
    this.#session.stats.requests++;
    const injection = this.#session.judge(++this.#requestNumber, () => operationOf(head));
    if (injection) this.#suffer(injection, head, headBytes);
    else this.#beginForwarding(head, this.#requests.parts);
    return this.#intake === 'forward' || this.#intake === 'swallow';
  }

  #beginForwarding(head: RequestHead, bytes: readonly Buffer[]): void {
    this.#intake = 'forward';
    this.#method = head.method;
    this.#responseDue = true;
    for (const part of bytes) this.#session.toBackend(part);
  }

  #suffer(injection: Injection, request: RequestHead, headBytes: Buffer): void {
    const { effect } = injection;
    switch (effect.kind) {
      case 'hold':
        injection.report('forwarded');
        this.#intake = 'wait';
        this.#held = [...this.#requests.parts, headBytes];
        this.#cancelHold = this.#session.wait(effect.ms, injection.active.ended, () => this.#release(request));
        break;
      case 'answer':
        injection.report('before');
        this.#intake = 'swallow';
        this.#error = { injection, request };
        // The body will not come without a `100 Continue`.
        if (expectsContinue(request)) this.#answer(false);
        break;
      case 'silence':
        injection.report('before');
        this.#intake = 'gone';
        this.#session.silence(injection, effect.maxMs);
        break;
      case 'cut':
        injection.report('before');
        this.#intake = 'gone';
        this.#session.cut(effect.mode);
        break;
      case 'pass':
        break;
    }
  }

  #release(request: RequestHead): void {
    this.#cancelHold = undefined;
    this.#beginForwarding(request, this.#held);
    this.#held = [];
    if (this.#requests.complete) this.#completeRequest();
    this.#advance();
  }

  #completeRequest(): void {
    this.#requests.next();
    if (this.#intake === 'swallow') this.#answer(!this.#backendDone);
    else if (this.#intake === 'forward') this.#intake = this.#responseDue ? 'wait' : 'head';
  }

  /** Sends the error; `open` when the connection can stay so, if the request allows. */
  #answer(open: boolean): void {
    if (!this.#error) return;
    const { injection, request } = this.#error;
    if (injection.effect.kind !== 'answer') return;
    const keepAlive = open && keepsAlive(request);
    const { code, body } = injection.effect;
    const { id } = injection;
    const atMs = this.#session.now();
    this.#session.toClient(errorResponse(request, { id, code, body, draw: injection.draw('code'), keepAlive, atMs }));
    this.#error = undefined;
    this.#intake = keepAlive ? 'head' : 'gone';
    if (!keepAlive) this.#session.finish();
  }

  #readResponse(chunk: Buffer, from: number): number {
    const responses = this.#responses;
    const end = responses.read(chunk, from);
    const { head } = responses;
    const tunnel =
      head?.status === 101 || (this.#method === 'CONNECT' && head && head.status >= 200 && head.status < 300);
    if (responses.invalid || tunnel) {
      this.#responseDue = false;
      this.#turnOpaque();
    } else if (responses.complete) {
      responses.next();
      if (head && head.status >= 200) this.#completeResponse();
    }
    return end;
  }

  #completeResponse(): void {
    this.#responseDue = false;
    if (this.#intake === 'wait') this.#intake = 'head';
  }

  /** Reads on in what the client sent ahead, as far as it goes now. */
  #advance(): void {
    while (this.#intake !== 'wait') {
      const chunk = this.#queue.shift();
      if (!chunk) break;
      this.#queuedBytes -= chunk.length;
      this.#consume(chunk);
    }
    this.#session.holdIntake(this.#queuedBytes >= FULL_QUEUE);
    this.#passEndOn();
  }

  /** The client's bytes are not HTTP/1 from `from` on. */
  #giveUp(chunk: Buffer, from: number): number {
    if (this.#intake === 'swallow') this.#answer(false);
    else this.#turnOpaque(chunk.subarray(from));
    return chunk.length;
  }

  #turnOpaque(rest?: Buffer): void {
    this.#session.stats.opaque++;
    this.#relayOnly(rest);
  }

  /** Stops reading: passes on what is kept here, then `rest`, then what the client sent ahead, and all that follows. */
  #relayOnly(rest?: Buffer): void {
    const kept = this.#intake === 'head' ? this.#requests.parts : this.#held;
    this.#intake = 'opaque';
    this.#cancelHold?.();
    this.#cancelHold = undefined;
    for (const part of [...kept, ...(rest ? [rest] : []), ...this.#queue.splice(0)]) this.#session.toBackend(part);
    this.#held = [];
    this.#queuedBytes = 0;
    this.#session.holdIntake(false);
  }

  /** Passes the client's end on, once all that came before it is. */
  #passEndOn(): void {
    if (!this.#clientDone || this.#queue.length > 0 || this.#cancelHold || this.#intake === 'gone') return;
    if (this.#intake === 'swallow') {
      // The rest of the request will not come, and nobody else has seen it.
      this.#intake = 'gone';
      this.#session.finish();
      return;
    }
    if (this.#intake === 'head' && this.#requests.parts.length > 0) this.#turnOpaque();
    this.#session.endBackend();
  }
}
