import type { BodyLength } from './head.ts';

const LF = 0x0a;
const CR = 0x0d;
const SEMICOLON = 0x3b;
/** Of one line of chunk size with its extensions, in bytes. */
const LONGEST_SIZE_LINE = 16 * 1024;
/** Of all trailer lines together, in bytes. */
const LONGEST_TRAILERS = 64 * 1024;

type State = 'bytes' | 'size' | 'extension' | 'data' | 'data-end' | 'trailers' | 'complete' | 'invalid';

/** Finds the end of a body, in pieces as they come, without keeping any of it. */
export class BodyReader {
  #state: State = 'complete';
  /** Bytes that are left of the body, or of the chunk. */
  #left = 0;
  #digits = 0;
  #lineBytes = 0;
  #trailerBytes = 0;

  /** Begins a body. One until the connection ends is never complete. */
  begin(length: BodyLength): void {
    this.#left = typeof length === 'number' ? length : length === 'chunked' ? 0 : Number.POSITIVE_INFINITY;
    this.#state = length === 'chunked' ? 'size' : length === 0 ? 'complete' : 'bytes';
    this.#digits = 0;
    this.#lineBytes = 0;
    this.#trailerBytes = 0;
  }

  get complete(): boolean {
    return this.#state === 'complete';
  }

  /** What came is no chunked body (RFC 9112, section 7.1). */
  get invalid(): boolean {
    return this.#state === 'invalid';
  }

  /** Reads on from `at`; gives the index after the last byte that belongs to the body. */
  read(chunk: Buffer, at: number): number {
    let next = at;
    while (next < chunk.length && this.#state !== 'complete' && this.#state !== 'invalid') {
      if (this.#state === 'bytes' || this.#state === 'data') next += this.#skip(chunk.length - next);
      else this.#take(chunk[next++] ?? 0);
    }
    return next;
  }

  #skip(available: number): number {
    const skipped = Math.min(this.#left, available);
    this.#left -= skipped;
    if (this.#left === 0) this.#state = this.#state === 'bytes' ? 'complete' : 'data-end';
    return skipped;
  }

  #take(byte: number): void {
    switch (this.#state) {
      case 'size':
        this.#takeSize(byte);
        return;
      case 'extension':
        if (byte === LF) this.#sizeEnds();
        else if (++this.#lineBytes > LONGEST_SIZE_LINE) this.#state = 'invalid';
        return;
      case 'data-end':
        if (byte === LF) this.#state = 'size';
        else if (byte !== CR || this.#lineBytes++ > 0) this.#state = 'invalid';
        if (this.#state === 'size') this.#lineBytes = 0;
        return;
      default:
        this.#takeTrailer(byte);
    }
  }

  #takeSize(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0 && this.#digits < 13) {
      this.#left = this.#left * 16 + digit;
      this.#digits++;
    } else if (this.#digits === 0) this.#state = 'invalid';
    else if (byte === LF) this.#sizeEnds();
    else if (byte === CR || byte === SEMICOLON || byte === 0x20 || byte === 0x09) this.#state = 'extension';
    else this.#state = 'invalid';
  }

  #sizeEnds(): void {
    this.#state = this.#left === 0 ? 'trailers' : 'data';
    this.#digits = 0;
    this.#lineBytes = 0;
  }

  #takeTrailer(byte: number): void {
    if (++this.#trailerBytes > LONGEST_TRAILERS) this.#state = 'invalid';
    else if (byte !== LF) this.#lineBytes += byte === CR ? 0 : 1;
    else if (this.#lineBytes > 0) this.#lineBytes = 0;
    else this.#state = 'complete';
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
