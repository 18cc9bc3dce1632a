/** Of a packet that the next one continues; a message ends with a shorter one, which may be empty. */
export const FULL_PACKET = 0xffffff;
const HEADER_BYTES = 4;

/**
 * Finds the ends of messages in a stream that is cut anywhere. A message is one packet (3 bytes of length, 1 of
 * sequence, payload), or several when it is 16 MiB - 1 or longer. Keeps the first bytes of its payload, and no more.
 */
export class PacketReader {
  readonly #kept: Buffer;
  #keptBytes = 0;
  #wantedBytes = 0;
  readonly #header: Buffer = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #packetBytes = 0;
  #left = 0;
  #firstBytes: number | undefined;
  #complete = false;

  /** @param keep bytes of the payload to keep, at most */
  constructor(keep: number) {
    this.#kept = Buffer.alloc(keep);
  }

  /** Whether as much of the message was read as is kept of it. */
  get headed(): boolean {
    return this.#firstBytes !== undefined && this.#keptBytes === this.#wantedBytes;
  }

  get complete(): boolean {
    return this.#complete;
  }

  /** Nothing of the next message was read. */
  get idle(): boolean {
    return this.#headerBytes === 0 && this.#firstBytes === undefined;
  }

  /** The first bytes of the payload; they change with `next`. */
  get payload(): Buffer {
    return this.#kept.subarray(0, this.#keptBytes);
  }

  /** Bytes of payload in the message's first packet. */
  get length(): number {
    return this.#firstBytes ?? 0;
  }

  /** The sequence id of the message's latest packet. */
  get sequence(): number {
    return this.#header.readUInt8(3);
  }

  /** Forgets the message; what is read next begins another. */
  next(): void {
    this.#keptBytes = 0;
    this.#wantedBytes = 0;
    this.#headerBytes = 0;
    this.#left = 0;
    this.#firstBytes = undefined;
    this.#complete = false;
  }

  /** Reads on from `at`, at most to the end of what is kept, or then of the message; gives the index after the last byte read. */
  read(chunk: Buffer, at: number): number {
    let index = at;
    while (!this.#complete) {
      if (this.#headerBytes < HEADER_BYTES) index = this.#readHeader(chunk, index);
      if (this.#headerBytes < HEADER_BYTES) return index;
      const keeping = this.#keptBytes < this.#wantedBytes;
      const bytes = Math.min(keeping ? this.#wantedBytes - this.#keptBytes : this.#left, chunk.length - index);
      if (keeping) this.#keptBytes += chunk.copy(this.#kept, this.#keptBytes, index, index + bytes);
      index += bytes;
      this.#left -= bytes;
      if (this.#left === 0) this.#endPacket();
      if (keeping || this.#left > 0) return index;
    }
    return index;
  }

  #readHeader(chunk: Buffer, at: number): number {
    const bytes = Math.min(HEADER_BYTES - this.#headerBytes, chunk.length - at);
    chunk.copy(this.#header, this.#headerBytes, at, at + bytes);
    this.#headerBytes += bytes;
    if (this.#headerBytes < HEADER_BYTES) return at + bytes;
    this.#packetBytes = this.#header.readUIntLE(0, 3);
    this.#left = this.#packetBytes;
    if (this.#firstBytes === undefined) {
      this.#firstBytes = this.#packetBytes;
      this.#wantedBytes = Math.min(this.#kept.length, this.#packetBytes);
    }
    return at + bytes;
  }

  #endPacket(): void {
    if (this.#packetBytes === FULL_PACKET) this.#headerBytes = 0;
    else this.#complete = true;
  }
}
