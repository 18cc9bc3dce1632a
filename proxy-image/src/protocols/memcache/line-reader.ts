const LF = 0x0a;
const SPACE = 0x20;

/** Finds the ends of lines, and keeps the beginning of the one under way. */
export class LineReader {
  readonly #limit: number;
  #text = '';
  #begun = false;
  #complete = false;
  #cut = false;

  /** `limit` is how much of a line is kept, in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get begun(): boolean {
    return this.#begun;
  }

  get complete(): boolean {
    return this.#complete;
  }

  /** Whether the line is longer than what is kept of it. */
  get cut(): boolean {
    return this.#cut;
  }

  /** The line as far as it came and is kept, with its end. */
  get text(): string {
    return this.#text;
  }

  /** Forgets the line; what is read next begins another. */
  next(): void {
    this.#text = '';
    this.#begun = false;
    this.#complete = false;
    this.#cut = false;
  }

  /** Reads on from `at`, at most to the end of the line; gives the index after the last byte read. */
  read(chunk: Buffer, at: number): number {
    if (this.#complete || at >= chunk.length) return at;
    this.#begun = true;
    const newline = chunk.indexOf(LF, at);
    const end = newline < 0 ? chunk.length : newline + 1;
    this.#keep(chunk, at, end);
    this.#complete = newline >= 0;
    return end;
  }

  /** Like `read`, but stops after the first space too; then the line is not complete. */
  readWord(chunk: Buffer, at: number): number {
    if (this.#complete) return at;
    for (let i = at; i < chunk.length; i++) {
      this.#begun = true;
      const byte = chunk[i];
      if (byte !== LF && byte !== SPACE) continue;
      this.#keep(chunk, at, i + 1);
      this.#complete = byte === LF;
      return i + 1;
    }
    this.#keep(chunk, at, chunk.length);
    return chunk.length;
  }

  #keep(chunk: Buffer, at: number, end: number): void {
    const room = this.#limit - this.#text.length;
    if (end - at > room) this.#cut = true;
    if (room > 0) this.#text += chunk.toString('latin1', at, Math.min(end, at + room));
  }
}
