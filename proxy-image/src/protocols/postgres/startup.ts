import type { UnitKind } from './unit.ts';

/** `MAX_STARTUP_PACKET_LENGTH` of the server. */
const LONGEST_STARTUP = 10_000;
const SSL_REQUEST = 80877103;
const GSSENC_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;

export type StartupReading =
  | { readonly kind: 'starved' | 'end' | 'invalid' }
  | { readonly kind: 'head'; readonly unit: UnitKind; readonly operation: string };

/** Reads the messages without a type that a connection begins with: a length, a code, a payload that is not kept. */
export class StartupReader {
  /** The index up to which the chunk has been read. */
  at = 0;
  #bytes = 0;
  #length = 0;
  #code = 0;

  read(chunk: Buffer): StartupReading {
    if (this.#bytes < 8) return this.#readHead(chunk);
    const skipped = Math.min(this.#length - this.#bytes, chunk.length - this.at);
    this.at += skipped;
    this.#bytes += skipped;
    if (this.#bytes < this.#length) return { kind: 'starved' };
    this.#bytes = 0;
    return { kind: 'end' };
  }

  #readHead(chunk: Buffer): StartupReading {
    while (this.#bytes < 8) {
      const byte = chunk[this.at];
      if (byte === undefined) return { kind: 'starved' };
      // No length begins so: this is TLS from the first byte on, or another protocol.
      if (this.#bytes === 0 && byte !== 0) return { kind: 'invalid' };
      this.at++;
      if (this.#bytes++ < 4) this.#length = (this.#bytes === 1 ? 0 : this.#length * 256) + byte;
      else this.#code = (this.#bytes === 5 ? 0 : this.#code * 256) + byte;
    }
    if (this.#length < 8 || this.#length > LONGEST_STARTUP) return { kind: 'invalid' };
    return meaningOf(this.#code);
  }
}

function meaningOf(code: number): StartupReading {
  switch (code) {
    case SSL_REQUEST:
      return { kind: 'head', unit: 'encryption', operation: 'SSLREQUEST' };
    case GSSENC_REQUEST:
      return { kind: 'head', unit: 'encryption', operation: 'GSSENCREQUEST' };
    case CANCEL_REQUEST:
      return { kind: 'head', unit: 'one-way', operation: 'CANCEL' };
    default:
      return code >>> 16 === 3 ? { kind: 'head', unit: 'startup', operation: 'CONNECT' } : { kind: 'invalid' };
  }
}
