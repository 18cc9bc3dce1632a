const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const HYPHEN = 0x2d;
const ZERO = 0x30;

/** Reads replies (RFC 5321, section 4.2.1): lines that begin with a code, of which the last has no hyphen after it. */
export class ReplyReader {
  /** The index up to which the chunk has been read. */
  at = 0;
  /** The code of the reply that is being read, or was read last. */
  code = 0;
  #idle = true;
  /** Of the line that is being read: its bytes up to the fourth. */
  #column = 0;
  #more = false;

  /** Between two replies. */
  get idle(): boolean {
    return this.#idle;
  }

  /** Reads on from `at`, to the end of the chunk or of the reply. */
  read(chunk: Buffer): 'starved' | 'end' | 'invalid' {
    while (this.at < chunk.length) {
      this.#idle = false;
      if (this.#column < 4) {
        const byte = chunk[this.at] ?? 0;
        if (!this.#begins(byte)) return 'invalid';
        // A line may hold the code alone.
        if (byte !== LF) this.at++;
      } else {
        const newline = chunk.indexOf(LF, this.at);
        this.at = newline < 0 ? chunk.length : newline + 1;
        if (newline < 0) break;
        this.#column = 0;
        this.#idle = !this.#more;
        if (this.#idle) return 'end';
      }
    }
    return 'starved';
  }

  /** Takes one of the first four bytes of a line. */
  #begins(byte: number): boolean {
    const column = this.#column++;
    if (column === 3) {
      this.#more = byte === HYPHEN;
      return byte === SPACE || byte === HYPHEN || byte === CR || byte === LF;
    }
    const digit = byte - ZERO;
    this.code = column === 0 ? digit : this.code * 10 + digit;
    return column === 0 ? digit >= 2 && digit <= 5 : digit >= 0 && digit <= 9;
  }
}
