import type { Capabilities } from './capabilities.ts';
import type { ResponseForm } from './commands.ts';
import { lengthEncoded } from './length-encoded.ts';
import { FULL_PACKET } from './packet-reader.ts';
import { CURSOR_EXISTS, MORE_RESULTS, serverStatus } from './server-status.ts';

/** `question`: the packet asks the client for a local file, and the response comes after it. */
export type PacketRole = 'part' | 'end' | 'question' | 'broken';

type Expectation = Exclude<ResponseForm, 'none'> | 'metadata' | 'end of metadata';

/** The MySQL server allows 4096. */
const MOST_COLUMNS = 0xffff;
const LONGEST_EOF = 8;

/** Finds the last packet of one response. Is told the beginning of each packet, and keeps counts, no data. */
export class ResponseReader {
  readonly #capabilities: Capabilities;
  #expected: Expectation;
  /** Packets of metadata that are still to come, and what comes after them. */
  #metadataLeft = 0;
  #afterMetadata: Expectation | undefined;
  #status: number | undefined;
  #failed = false;
  #statementId: number | undefined;

  constructor(form: ResponseForm, capabilities: Capabilities) {
    this.#expected = form === 'none' ? 'ok' : form;
    this.#capabilities = capabilities;
  }

  /** The server's latest status, once it has told one. */
  get status(): number | undefined {
    return this.#status;
  }

  /** It ended with ERR. */
  get failed(): boolean {
    return this.#failed;
  }

  get statementId(): number | undefined {
    return this.#statementId;
  }

  /** Passes over rows that lie whole in the chunk, the bulk of most responses; gives the index after them. */
  skipRows(chunk: Buffer, at: number): number {
    let index = at;
    if (this.#expected !== 'rows') return index;
    while (index + 4 < chunk.length) {
      const length = chunk.readUInt16LE(index) | (chunk.readUInt8(index + 2) << 16);
      const end = index + 4 + length;
      if (length === 0 || length === FULL_PACKET || end > chunk.length || chunk.readUInt8(index + 4) >= 0xfe) break;
      index = end;
    }
    return index;
  }

  /** Takes the next packet: the beginning of its payload, and the length of it all, in bytes (that of the first packet, when others continue it). */
  packet(payload: Buffer, length: number): PacketRole {
    if (this.#expected === 'text') return 'end';
    if (payload[0] === 0xff) return this.#error(payload);
    switch (this.#expected) {
      case 'login':
        return payload[0] === 0x00 ? this.#ok(payload, length) : 'part';
      case 'ok':
        return this.#ok(payload, length);
      case 'results':
        return this.#result(payload, length);
      case 'prepared':
        return this.#prepared(payload);
      case 'definitions':
        return this.#isEnd(payload, length) ? this.#ok(payload, length) : 'part';
      case 'rows':
        return this.#row(payload, length);
      case 'metadata':
        this.#metadataLeft--;
        return this.#metadata();
      case 'end of metadata':
        return this.#endOfMetadata(payload, length);
    }
  }

  /** MariaDB sends errors with code 0xFFFF to tell the progress of a long statement. */
  #error(payload: Buffer): PacketRole {
    if (payload[1] === 0xff && payload[2] === 0xff && this.#expected !== 'login') return 'part';
    this.#failed = true;
    return 'end';
  }

  #ok(payload: Buffer, length: number): PacketRole {
    const status = serverStatus(payload, length);
    if (status === undefined) return 'broken';
    this.#status = status;
    return 'end';
  }

  /** What ends one result of possibly several. */
  #resultEnd(payload: Buffer, length: number): PacketRole {
    if (this.#ok(payload, length) === 'broken') return 'broken';
    if (((this.#status ?? 0) & MORE_RESULTS) === 0) return 'end';
    this.#expected = 'results';
    return 'part';
  }

  #result(payload: Buffer, length: number): PacketRole {
    if (payload[0] === 0x00) return this.#resultEnd(payload, length);
    if (payload[0] === 0xfb) return 'question';
    const columns = lengthEncoded(payload, 0);
    if (!columns || columns.value > MOST_COLUMNS) return 'broken';
    const { optionalMetadata, cacheMetadata, deprecateEof } = this.#capabilities;
    const follows = optionalMetadata || cacheMetadata ? payload[columns.end] : 1;
    if (follows === undefined) return 'broken';
    this.#metadataLeft = follows === 0 ? 0 : columns.value;
    this.#afterMetadata = deprecateEof ? 'rows' : 'end of metadata';
    return this.#metadata();
  }

  /** 0x00, statement id (4), columns (2), parameters (2), filler (1), warnings (2), and for MySQL whether metadata follows. */
  #prepared(payload: Buffer): PacketRole {
    if (payload[0] !== 0x00 || payload.length < 12) return 'broken';
    this.#statementId = payload.readUInt32LE(1);
    const { optionalMetadata, deprecateEof } = this.#capabilities;
    const follows = !optionalMetadata || payload[12] !== 0;
    for (const count of [payload.readUInt16LE(7), payload.readUInt16LE(5)]) {
      if (follows) this.#metadataLeft += count;
      if (count > 0 && !deprecateEof) this.#metadataLeft++;
    }
    return this.#metadata();
  }

  #metadata(): PacketRole {
    this.#expected = 'metadata';
    if (this.#metadataLeft > 0) return 'part';
    if (this.#afterMetadata === undefined) return 'end';
    this.#expected = this.#afterMetadata;
    return 'part';
  }

  #endOfMetadata(payload: Buffer, length: number): PacketRole {
    if (!this.#isEnd(payload, length)) return 'broken';
    const status = serverStatus(payload, length) ?? 0;
    // Rows of a cursor come when they are fetched.
    if ((status & CURSOR_EXISTS) !== 0) return this.#resultEnd(payload, length);
    this.#expected = 'rows';
    return 'part';
  }

  #row(payload: Buffer, length: number): PacketRole {
    if (length === 0) return 'broken';
    return this.#isEnd(payload, length) ? this.#resultEnd(payload, length) : 'part';
  }

  /** A row may begin with 0xFE too, when its first value is of 16 MiB or more. */
  #isEnd(payload: Buffer, length: number): boolean {
    return payload[0] === 0xfe && length <= (this.#capabilities.deprecateEof ? FULL_PACKET - 1 : LONGEST_EOF);
  }
}
