/** The longest message that a server takes, in bytes of its length field (`PQ_LARGE_MESSAGE_LIMIT`). */
const LONGEST_MESSAGE = 0x3fffffff + 4;
const HEADER_BYTES = 5;

/**
 * Where reading stopped: `starved` at the end of the chunk; `prefix` once the bytes that were wanted of a message have
 * come; `end` after its last byte; `invalid` when its length cannot be one.
 */
export type Reading = 'starved' | 'prefix' | 'end' | 'invalid';

/** Reads typed messages (a type byte, a length, a payload) in pieces; keeps no more than the first bytes of a payload. */
export class MessageReader {
  /** The index up to which the chunk has been read. */
  at = 0;
  readonly #wantedOf: (type: number) => number;
  #state: 'header' | 'prefix' | 'rest' = 'header';
  #headerBytes = 0;
  #type = 0;
  #length = 0;
  /** Bytes of the payload that have not come. */
  #left = 0;
  #wanted = 0;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #prefix: Buffer = Buffer.alloc(0);

  /** `wantedOf` tells how many bytes of the payload to keep of a message of this type. */
  constructor(wantedOf: (type: number) => number) {
    this.#wantedOf = wantedOf;
  }

  /** Between two messages. */
  get idle(): boolean {
    return this.#state === 'header' && this.#headerBytes === 0;
  }

  /** The type of the message that is being read, or was read last. */
  get type(): number {
    return this.#type;
  }

  /** All bytes of the message, its header included. */
  get bytes(): number {
    return this.#length + 1;
  }

  /** The first bytes of the payload; valid from `prefix` on. */
  get prefix(): Buffer {
    return this.#prefix;
  }

  /** The prefix is all of the payload. */
  get whole(): boolean {
    return this.#prefix.length === this.#length - 4;
  }

  /** Reads on from `at`, to the next stop. */
  read(chunk: Buffer): Reading {
    if (this.#state === 'header') return this.#readHeader(chunk);
    return this.#state === 'prefix' ? this.#readPrefix(chunk) : this.#readRest(chunk);
  }

  #readHeader(chunk: Buffer): Reading {
    while (this.#headerBytes < HEADER_BYTES) {
      const byte = chunk[this.at];
      if (byte === undefined) return 'starved';
      this.at++;
      if (this.#headerBytes++ > 0) this.#length = this.#length * 256 + byte;
      else {
        this.#type = byte;
        this.#length = 0;
      }
    }
    if (this.#length < 4 || this.#length > LONGEST_MESSAGE) return 'invalid';
    this.#left = this.#length - 4;
    this.#wanted = Math.min(this.#left, this.#wantedOf(this.#type));
    this.#state = 'prefix';
    return this.#readPrefix(chunk);
  }

  #readPrefix(chunk: Buffer): Reading {
    const missing = this.#wanted - this.#partBytes;
    const part = chunk.subarray(this.at, this.at + missing);
    this.at += part.length;
    this.#left -= part.length;
    if (part.length < missing) {
      this.#parts.push(part);
      this.#partBytes += part.length;
      return 'starved';
    }
    this.#prefix = this.#partBytes === 0 ? part : Buffer.concat([...this.#parts, part]);
    this.#parts = [];
    this.#partBytes = 0;
    this.#state = 'rest';
    return 'prefix';
  }

  #readRest(chunk: Buffer): Reading {
    const skipped = Math.min(this.#left, chunk.length - this.at);
    this.at += skipped;
    this.#left -= skipped;
    if (this.#left > 0) return 'starved';
    this.#state = 'header';
    this.#headerBytes = 0;
    return 'end';
  }
}
