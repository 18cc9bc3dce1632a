import { parseFields } from './header-fields.ts';
import { ProtocolError } from './protocol-error.ts';
import type { ResponseLimits } from './response-limits.ts';

type State = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailers' | 'done';

const [CR, LF, SEMICOLON] = [0x0d, 0x0a, 0x3b];
/** What may follow the size and its first semicolon (RFC 9112, section 7.1.1): names, with values or without. */
const NAME = "[!#$%&'*+\\-.^_`|~\\w]+";
const QUOTED = '"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*"';
const EXTENSIONS = new RegExp(`^${NAME}(?:=(?:${NAME}|${QUOTED}))?(?:;${NAME}(?:=(?:${NAME}|${QUOTED}))?)*$`);
/** Larger sizes than any limit, and still exact. */
const MOST_DIGITS = 12;

/** Takes the framing off a chunked body (RFC 9112, section 7.1), in whatever pieces it comes. Trailers are checked and dropped. */
export class ChunkedDecoder {
  readonly #limits: ResponseLimits;
  readonly #onData: (bytes: Buffer, from: number, to: number) => void;
  #state: State = 'size';
  #digits = 0;
  #size = 0;
  #extension = '';
  /** Of all chunks of a body. */
  #extensionBytes = 0;
  #trailers = '';

  /** `onData` gets the bytes of the body, as a part of what was given to `execute`. */
  constructor(limits: ResponseLimits, onData: (bytes: Buffer, from: number, to: number) => void) {
    this.#limits = limits;
    this.#onData = onData;
  }

  /** The last chunk and the trailers have been read. */
  get done(): boolean {
    return this.#state === 'done';
  }

  /** Makes it ready for the next body. */
  reset(): void {
    this.#state = 'size';
    this.#digits = this.#size = this.#extensionBytes = 0;
    this.#extension = this.#trailers = '';
  }

  /** Reads [from, to) and gives the index behind what belongs to the body. Throws a ProtocolError. */
  execute(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && this.#state !== 'done') {
      if (this.#state === 'data') at = this.#data(bytes, at, to);
      else if (this.#state === 'trailers') at = this.#readTrailers(bytes, at, to);
      else this.#frame(bytes[at++] ?? 0);
    }
    return at;
  }

  #data(bytes: Buffer, at: number, to: number): number {
    const end = Math.min(to, at + this.#size);
    this.#onData(bytes, at, end);
    this.#size -= end - at;
    if (this.#size === 0) this.#state = 'data-cr';
    return end;
  }

  #frame(byte: number): void {
    switch (this.#state) {
      case 'size':
        this.#sizeByte(byte);
        return;
      case 'extension':
        this.#extensionByte(byte);
        return;
      case 'size-lf':
        expect(byte, LF);
        this.#digits = 0;
        this.#state = this.#size === 0 ? 'trailers' : 'data';
        return;
      case 'data-cr':
        expect(byte, CR);
        this.#state = 'data-lf';
        return;
      case 'data-lf':
        expect(byte, LF);
        this.#state = 'size';
        return;
    }
  }

  #sizeByte(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.#digits += 1;
      if (this.#digits > MOST_DIGITS) throw new ProtocolError('ERR_HTTP_CHUNK', 'the size of a chunk is too long');
      this.#size = this.#size * 16 + digit;
      return;
    }
    if (this.#digits === 0) throw new ProtocolError('ERR_HTTP_CHUNK', `bad size of a chunk (byte ${byte})`);
    if (byte === CR) this.#state = 'size-lf';
    else if (byte === SEMICOLON) this.#state = 'extension';
    else throw new ProtocolError('ERR_HTTP_CHUNK', `bad size of a chunk (byte ${byte})`);
  }

  #extensionByte(byte: number): void {
    this.#extensionBytes += 1;
    if (this.#extensionBytes > this.#limits.maxHeaderBytes) {
      throw new ProtocolError('ERR_HTTP_HEADERS_TOO_LARGE', 'the chunk extensions are too long');
    }
    if (byte !== CR) {
      this.#extension += String.fromCharCode(byte);
      return;
    }
    if (!EXTENSIONS.test(this.#extension)) {
      throw new ProtocolError('ERR_HTTP_CHUNK', `bad chunk extension '${this.#extension.slice(0, 80)}'`);
    }
    this.#extension = '';
    this.#state = 'size-lf';
  }

  #readTrailers(bytes: Buffer, at: number, to: number): number {
    const { maxHeaderBytes, maxHeaders } = this.#limits;
    const before = this.#trailers.length;
    const text = this.#trailers + bytes.toString('latin1', at, Math.min(to, at + maxHeaderBytes + 4 - before));
    const end = endOfTrailers(text, before);
    if (end < 0) {
      if (text.length > maxHeaderBytes)
        throw new ProtocolError('ERR_HTTP_HEADERS_TOO_LARGE', 'the trailers are too long');
      this.#trailers = text;
      return at + text.length - before;
    }
    parseFields(text, 0, end - 2, maxHeaders);
    this.#state = 'done';
    return at + end - before;
  }
}

/** The index behind the empty line that ends them, which may be all that there is; -1 when it has not come yet. */
function endOfTrailers(text: string, seen: number): number {
  if (text.startsWith('\r\n')) return 2;
  const last = text.indexOf('\r\n\r\n', Math.max(0, seen - 3));
  return last < 0 ? -1 : last + 4;
}

function expect(byte: number, expected: number): void {
  if (byte !== expected) throw new ProtocolError('ERR_HTTP_CHUNK', `byte ${byte} where a chunk's line has to end`);
}

/** 0 to 15, or -1. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
