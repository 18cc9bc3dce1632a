import { LineReader } from './line-reader.ts';

/** Lines that tell the size of data are shorter, in bytes: a key of 250, in base64 too, and an opaque of 32. */
const LONGEST_LINE = 2048;
const SIZE = /^\d{1,10}$/;

/** Finds the lines that the server sends, each with the data that it announces, and keeps no data. */
export class AnswerReader {
  readonly #line = new LineReader(LONGEST_LINE);
  #words: readonly string[] = [];
  #dataLeft: number | undefined;
  #invalid = false;

  /** Whether a line has begun. */
  get begun(): boolean {
    return this.#line.begun;
  }

  /** Whether the line has ended, and the data that belongs to it. */
  get complete(): boolean {
    return this.#dataLeft === 0;
  }

  /** A line announces data of no size; nothing after it can be read. */
  get invalid(): boolean {
    return this.#invalid;
  }

  /** The line's words, once it is complete. */
  get words(): readonly string[] {
    return this.#words;
  }

  /** The line's first word: `VALUE`, `END`, `SERVER_ERROR`, ... */
  get code(): string {
    return (this.#words[0] ?? '').replace(/:$/, '');
  }

  /** Forgets the line; what is read next begins another. */
  next(): void {
    this.#line.next();
    this.#dataLeft = undefined;
  }

  /** Reads on from `at`, at most to the end of the line and its data; gives the index after the last byte read. */
  read(chunk: Buffer, at: number): number {
    let next = at;
    if (this.#dataLeft === undefined) {
      next = this.#line.read(chunk, at);
      if (!this.#line.complete) return next;
      this.#words = this.#line.text.trimEnd().split(' ');
      this.#dataLeft = this.#announced();
    }
    const end = Math.min(next + this.#dataLeft, chunk.length);
    this.#dataLeft -= end - next;
    return end;
  }

  /** The bytes of the data after the line, with its end. */
  #announced(): number {
    const { words, code } = this;
    if (code !== 'VALUE' && code !== 'VA') return 0;
    const size = words[code === 'VALUE' ? 3 : 1] ?? '';
    if (this.#line.cut || !SIZE.test(size)) this.#invalid = true;
    return this.#invalid ? 0 : Number(size) + 2;
  }
}
