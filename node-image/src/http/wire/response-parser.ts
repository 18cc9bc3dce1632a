import { ChunkedDecoder } from './chunked-decoder.ts';
import { beginsWith, type HeadCache, type KnownHead } from './head-cache.ts';
import { ProtocolError } from './protocol-error.ts';
import { mayBeHead, type ResponseHead } from './response-head.ts';
import type { ResponseLimits } from './response-limits.ts';

/** Hears of the parts of a response as they are read. */
export type ResponseSink = {
  /** The head of the response, after any informational ones (1xx), which are read over. */
  onHead(head: ResponseHead): void;
  /** Some of the body, which is the sink's own. */
  onBody(chunk: Buffer): void;
};

type State = 'idle' | 'head' | 'length' | 'chunked' | 'until-close' | 'done';

const HEAD_END = '\r\n\r\n';
/** Most heads end within so many bytes: what follows need not be decoded to find out. */
const FIRST_LOOK = 1024;

/**
 * Reads HTTP/1.1 responses (RFC 9112) one at a time, in whatever pieces they come. The bytes given to `execute` may be
 * overwritten afterwards. It keeps at most a head in memory; the limits on it and on the body are the caller's.
 */
export class ResponseParser {
  readonly #limits: ResponseLimits;
  readonly #heads: HeadCache;
  readonly #sink: ResponseSink;
  #chunked: ChunkedDecoder | undefined;
  #state: State = 'idle';
  #method = '';
  #held = '';
  #head: ResponseHead | undefined;
  /** The last one, which the next is likely to equal. */
  #known: KnownHead | undefined;
  /** Of a body with a stated length: what has not come yet. */
  #bodyLeft = 0;
  /** Of a body without one: what has come. */
  #bodyTaken = 0;

  constructor(limits: ResponseLimits, heads: HeadCache, sink: ResponseSink) {
    this.#limits = limits;
    this.#heads = heads;
    this.#sink = sink;
  }

  /** The response is complete. */
  get done(): boolean {
    return this.#state === 'done';
  }

  /** The head of the response, once it has come. */
  get head(): ResponseHead | undefined {
    return this.#head;
  }

  /** What comes next is the response to a request of this method. */
  begin(method: string): void {
    this.#state = 'head';
    this.#method = method;
    this.#head = undefined;
    this.#held = '';
  }

  /**
   * Reads the first `length` bytes and gives how many of them belong to the response: fewer only when it is `done`.
   * Throws a ProtocolError, after which there is nothing more to read.
   */
  execute(bytes: Buffer, length: number): number {
    let at = this.#readKnownHead(bytes, length);
    while (this.#state === 'head' && at < length) at = this.#readHead(bytes, at, length);
    switch (this.#state) {
      case 'length':
        return this.#readLength(bytes, at, length);
      case 'chunked':
        return this.#readChunked(bytes, at, length);
      case 'until-close':
        this.#take(bytes, at, length);
        return length;
      default:
        return at;
    }
  }

  /** The peer has sent its last byte. True when this completes the response. */
  finish(): boolean {
    if (this.#state === 'until-close') this.#state = 'done';
    return this.#state === 'done';
  }

  #readKnownHead(bytes: Buffer, length: number): number {
    const known = this.#known;
    if (this.#state !== 'head' || this.#held !== '' || known === undefined) return 0;
    if (!beginsWith(bytes, length, known)) return 0;
    this.#onHead(known.head);
    return known.bytes.length;
  }

  #readHead(bytes: Buffer, at: number, to: number): number {
    const { maxHeaderBytes } = this.#limits;
    const before = this.#held.length;
    const most = Math.min(to, at + maxHeaderBytes + HEAD_END.length - before);
    let until = Math.min(most, at + FIRST_LOOK);
    let text = this.#held + bytes.toString('latin1', at, until);
    let last = text.indexOf(HEAD_END, Math.max(0, before - 3));
    if (last < 0 && until < most) {
      text += bytes.toString('latin1', until, most);
      until = most;
      last = text.indexOf(HEAD_END);
    }
    if (last < 0) {
      this.#hold(text);
      return until;
    }
    const end = last + HEAD_END.length;
    if (end > maxHeaderBytes) throw this.#headTooLarge();
    this.#held = '';
    const known = this.#heads.parse(end === text.length ? text : text.slice(0, end));
    this.#known = known;
    this.#onHead(known.head);
    return at + end - before;
  }

  /** Keeps the begin of a head until the rest of it comes. */
  #hold(text: string): void {
    if (!mayBeHead(text)) throw new ProtocolError('ERR_HTTP_STATUS_LINE', `bad status line '${text.slice(0, 80)}'`);
    if (text.length > this.#limits.maxHeaderBytes) throw this.#headTooLarge();
    this.#held = text;
  }

  #onHead(head: ResponseHead): void {
    const { status } = head;
    if (status === 101) throw new ProtocolError('ERR_HTTP_UPGRADE', 'an upgrade that was not asked for');
    // Informational responses come before the one that is waited for (RFC 9110, section 15.2).
    if (status < 200) {
      if (!head.persistent) throw new ProtocolError('ERR_HTTP_FRAMING', `a ${status} that ends its connection`);
      return;
    }
    this.#head = head;
    this.#bodyTaken = 0;
    this.#sink.onHead(head);
    if (this.#method === 'HEAD' || status === 204 || status === 304) this.#state = 'done';
    else if (head.coding === 'chunked') this.#beginChunks();
    else if (head.coding === 'other' || head.contentLength < 0) this.#state = 'until-close';
    else this.#beginLength(head.contentLength);
  }

  #beginLength(length: number): void {
    if (length > this.#limits.maxBodyBytes) throw this.#tooLarge();
    this.#bodyLeft = length;
    this.#state = length === 0 ? 'done' : 'length';
  }

  #beginChunks(): void {
    if (this.#chunked === undefined) {
      this.#chunked = new ChunkedDecoder(this.#limits, (bytes, from, to) => this.#take(bytes, from, to));
    } else this.#chunked.reset();
    this.#state = 'chunked';
  }

  #readLength(bytes: Buffer, at: number, to: number): number {
    const end = Math.min(to, at + this.#bodyLeft);
    this.#bodyLeft -= end - at;
    if (this.#bodyLeft === 0) this.#state = 'done';
    if (end > at) this.#sink.onBody(copyOf(bytes, at, end));
    return end;
  }

  #readChunked(bytes: Buffer, at: number, to: number): number {
    const decoder = this.#chunked;
    if (decoder === undefined) return at;
    const end = decoder.execute(bytes, at, to);
    if (decoder.done) this.#state = 'done';
    return end;
  }

  /** A part of a body whose length is not known beforehand. */
  #take(bytes: Buffer, from: number, to: number): void {
    if (to === from) return;
    this.#bodyTaken += to - from;
    if (this.#bodyTaken > this.#limits.maxBodyBytes) throw this.#tooLarge();
    this.#sink.onBody(copyOf(bytes, from, to));
  }

  #headTooLarge(): ProtocolError {
    const { maxHeaderBytes } = this.#limits;
    return new ProtocolError('ERR_HTTP_HEADERS_TOO_LARGE', `the response head is larger than ${maxHeaderBytes} bytes`);
  }

  #tooLarge(): ProtocolError {
    const { maxBodyBytes } = this.#limits;
    return new ProtocolError('ERR_HTTP_BODY_TOO_LARGE', `the response body is larger than ${maxBodyBytes} bytes`);
  }
}

/** The bytes come in a buffer that many connections read into. */
function copyOf(bytes: Buffer, from: number, to: number): Buffer {
  const copy = Buffer.allocUnsafe(to - from);
  bytes.copy(copy, 0, from, to);
  return copy;
}
