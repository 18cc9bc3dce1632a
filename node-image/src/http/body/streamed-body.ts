/** A request body that is read while it is sent: what its parts hold is never in memory as a whole. It can be read again. */
export class StreamedBody {
  /** Bytes. */
  readonly length: number;
  readonly #parts: readonly (Buffer | Blob)[];

  constructor(parts: readonly (Buffer | Blob)[]) {
    this.#parts = parts;
    this.length = parts.reduce((sum, part) => sum + (part instanceof Blob ? part.size : part.length), 0);
  }

  /** The bytes, in pieces. Rejects when a file is not there any more, or has been changed since it was opened. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    for (const part of this.#parts) {
      if (part instanceof Blob) yield* part.stream();
      else yield part;
    }
  }
}
