const NOTHING = Buffer.alloc(0);

/** Bytes that have come and are not read yet, in order. */
export class ByteQueue {
  #chunks: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** Takes the first so many bytes out; there have to be as many. */
  take(bytes: number): Buffer {
    const whole = this.#joined();
    this.#length -= bytes;
    this.#chunks = this.#length === 0 ? [] : [whole.subarray(bytes)];
    return whole.subarray(0, bytes);
  }

  /** Where a delimiter begins, looked for from an offset on; -1 where it does not. */
  indexOf(delimiter: Uint8Array, from: number): number {
    return this.#joined().indexOf(delimiter, from);
  }

  #joined(): Buffer {
    const [first = NOTHING, ...more] = this.#chunks;
    if (more.length === 0) return first;
    const whole = Buffer.concat(this.#chunks, this.#length);
    this.#chunks = [whole];
    return whole;
  }
}
