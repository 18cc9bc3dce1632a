const LF = 0x0a;
const CR = 0x0d;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const QUESTION = 0x3f;
/** More digits than any length has, and few enough for an exact number. */
const MOST_DIGITS = 15;

/** What stands after the type of a RESP header: a length, -1 for nil, or `?` for one that is not known beforehand. */
export class LengthLine {
  #value = 0;
  #digits = 0;
  #negative = false;
  #streamed = false;
  #ended = false;
  #complete = false;
  #invalid = false;

  /** The length once it is complete: -1 for nil, 'streamed' for `?`. */
  get length(): number | 'streamed' {
    if (this.#streamed) return 'streamed';
    return this.#negative ? -1 : this.#value;
  }

  get complete(): boolean {
    return this.#complete;
  }

  get invalid(): boolean {
    return this.#invalid;
  }

  /** Forgets the line; what is read next begins another. */
  next(): void {
    this.#value = 0;
    this.#digits = 0;
    this.#negative = false;
    this.#streamed = false;
    this.#ended = false;
    this.#complete = false;
  }

  /** Reads on from `at`, at most through the end of the line; gives the index after the last byte read. */
  read(chunk: Buffer, at: number): number {
    for (let i = at; i < chunk.length; i++) {
      const byte = chunk[i];
      if (byte === LF && this.#ended) {
        this.#complete = true;
        return i + 1;
      }
      if (!this.#take(byte)) {
        this.#invalid = true;
        return i;
      }
    }
    return chunk.length;
  }

  #take(byte: number | undefined): boolean {
    if (byte === undefined || this.#ended) return false;
    if (byte >= ZERO && byte <= NINE) {
      this.#value = this.#value * 10 + byte - ZERO;
      this.#digits++;
      return this.#digits <= MOST_DIGITS && !this.#streamed;
    }
    const begun = this.#digits > 0 || this.#negative || this.#streamed;
    if (byte === CR) {
      this.#ended = true;
      // The only negative length is nil.
      return this.#streamed || (this.#digits > 0 && (!this.#negative || this.#value === 1));
    }
    if (byte === MINUS) this.#negative = true;
    else if (byte === QUESTION) this.#streamed = true;
    else return false;
    return !begun;
  }
}
