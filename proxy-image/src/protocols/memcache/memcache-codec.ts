import type { Answer, BackendStep, ClientStep, Codec, NativeError, Request } from '../exchange/codec.ts';
import { BinaryCodec } from './binary-codec.ts';
import { TextCodec } from './text-codec.ts';

const BINARY_REQUEST = 0x80;

/** One connection of memcached: the client's first byte says which of the two protocols it speaks. */
export class MemcacheCodec implements Codec {
  readonly serverFirst = false;
  #codec: Codec | undefined;

  /** Commands know nothing of each other, in either protocol; SASL is not judged, and so not passed on to others. */
  get reusable(): boolean {
    return true;
  }

  readClient(chunk: Buffer, from: number): ClientStep {
    if (!this.#codec && from >= chunk.length) return { kind: 'more' };
    this.#codec ??= chunk[from] === BINARY_REQUEST ? new BinaryCodec() : new TextCodec();
    return this.#codec.readClient(chunk, from);
  }

  readBackend(chunk: Buffer, from: number, request: Request | undefined): BackendStep {
    return this.#codec?.readBackend(chunk, from, request) ?? { kind: 'unasked', end: chunk.length };
  }

  errorFor(request: Request, error: NativeError): Answer | undefined {
    return this.#codec?.errorFor(request, error);
  }
}
