const END = Buffer.from('\r\n.\r\n');
const CR = 0x0d;
/** The line end of the DATA command stands for the first one of the end (RFC 5321, section 4.1.1.4). */
const LINE_END_BYTES = 2;

/** Finds the line with nothing but a dot that ends a message. Only CRLF ends a line in it. */
export class EndOfMessage {
  /** How many bytes of the end the last bytes were. */
  #matched = LINE_END_BYTES;

  /** Begins a message. */
  begin(): void {
    this.#matched = LINE_END_BYTES;
  }

  /** Reads on from the index; gives the one after the end of the message, or undefined when it is not in the chunk. */
  find(chunk: Buffer, from: number): number | undefined {
    let at = from;
    while (at < chunk.length && this.#matched > 0) {
      this.#match(chunk[at++]);
      if (this.#matched === END.length) return at;
    }
    const found = chunk.indexOf(END, at);
    if (found >= 0) return found + END.length;
    for (at = Math.max(at, chunk.length - END.length + 1); at < chunk.length; at++) this.#match(chunk[at]);
    return undefined;
  }

  #match(byte: number | undefined): void {
    if (byte === END[this.#matched]) this.#matched++;
    else this.#matched = byte === CR ? 1 : 0;
  }
}
