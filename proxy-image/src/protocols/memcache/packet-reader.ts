const HEADER_BYTES = 24;

/** The header of a packet of the binary protocol, as far as it matters. */
export type PacketHeader = {
  readonly opcode: number;
  readonly keyBytes: number;
  readonly status: number;
  readonly bodyBytes: number;
  /** Comes back in the response as it was sent. */
  readonly opaque: number;
};

/** Finds where the packets of one direction begin and end, and keeps nothing but the header under way. */
export class PacketReader {
  readonly #magic: number;
  readonly #bytes: Buffer = Buffer.alloc(HEADER_BYTES);
  #filled = 0;
  #header: PacketHeader | undefined;
  #bodyLeft = 0;
  #invalid = false;

  /** `magic` is the first byte of every packet. */
  constructor(magic: number) {
    this.#magic = magic;
  }

  /** Whether a packet has begun. */
  get begun(): boolean {
    return this.#filled > 0;
  }

  /** Once it is complete. */
  get header(): PacketHeader | undefined {
    return this.#header;
  }

  get complete(): boolean {
    return this.#header !== undefined && this.#bodyLeft === 0;
  }

  /** What came is no packet; nothing after it can be read. */
  get invalid(): boolean {
    return this.#invalid;
  }

  /** Forgets the packet; what is read next begins another. */
  next(): void {
    this.#filled = 0;
    this.#header = undefined;
  }

  /** Reads on from `at`, at most to the end of the header, or of the packet; gives the index after the last byte read. */
  read(chunk: Buffer, at: number): number {
    if (this.#header) {
      const end = Math.min(at + this.#bodyLeft, chunk.length);
      this.#bodyLeft -= end - at;
      return end;
    }
    if (this.#filled === 0 && at < chunk.length && chunk[at] !== this.#magic) {
      this.#invalid = true;
      return at;
    }
    const copied = chunk.copy(this.#bytes, this.#filled, at);
    this.#filled += copied;
    if (this.#filled === HEADER_BYTES) this.#endHeader(this.#bytes);
    return at + copied;
  }

  #endHeader(bytes: Buffer): void {
    this.#bodyLeft = bytes.readUInt32BE(8);
    this.#header = {
      opcode: bytes.readUInt8(1),
      keyBytes: bytes.readUInt16BE(2),
      status: bytes.readUInt16BE(6),
      bodyBytes: this.#bodyLeft,
      opaque: bytes.readUInt32BE(12),
    };
  }
}
