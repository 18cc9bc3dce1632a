import { strict as assert } from 'node:assert';
import type { Codec, Request } from '../exchange/codec.ts';

export type Side = 'client' | 'server';

/** Something that the codec has found, and where on its side's stream it ends, in bytes. */
export type Found = { readonly event: string; readonly at: number };

/**
 * Feeds a codec as the exchange engine does: bytes of both sides in their order, each chunk until it is used up, once
 * more after a head, with the oldest request that has no answer yet. What the codec calls `continued` or `unasked`
 * piece by piece is one event.
 */
export class CodecDriver {
  readonly found: Found[] = [];
  readonly requests: Request[] = [];
  readonly pending: Request[] = [];
  opaque = false;
  readonly #codec: Codec;
  readonly #bytes: Record<Side, number> = { client: 0, server: 0 };
  #open: Request | undefined;

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  feed(side: Side, chunk: Buffer): void {
    let from = 0;
    let again = false;
    while (!this.opaque && (from < chunk.length || again)) {
      const end = side === 'client' ? this.#client(chunk, from) : this.#server(chunk, from);
      again = side === 'client' && end.head;
      from = end.at;
    }
    this.#bytes[side] += chunk.length;
  }

  #client(chunk: Buffer, from: number): { at: number; head: boolean } {
    const step = this.#codec.readClient(chunk, from);
    if (step.kind === 'more') return { at: chunk.length, head: false };
    if (step.kind === 'opaque') return this.#giveUp(chunk);
    assert(step.end <= chunk.length);
    if (step.kind === 'complete') {
      assert(this.#open);
      this.#add('client', `complete ${this.#open?.operation}`, step.end);
      this.#open = undefined;
      return { at: step.end, head: false };
    }
    assert(step.end > from);
    if (step.kind === 'continued') {
      this.#merge('client', 'continued', step.end);
      return { at: step.end, head: false };
    }
    assert(!this.#open);
    this.#open = step.request;
    this.requests.push(step.request);
    if (step.request.answered) this.pending.push(step.request);
    this.#add('client', `head ${step.request.operation}`, step.end);
    return { at: step.end, head: true };
  }

  #server(chunk: Buffer, from: number): { at: number; head: boolean } {
    const [oldest] = this.pending;
    const step = this.#codec.readBackend(chunk, from, oldest);
    if (step.kind === 'more') return { at: chunk.length, head: false };
    if (step.kind === 'opaque') return this.#giveUp(chunk);
    assert(step.end > from);
    assert(step.end <= chunk.length);
    if (step.kind === 'unasked') this.#merge('server', 'unasked', step.end);
    else {
      assert(oldest);
      this.#add('server', `answered ${oldest?.operation}`, step.end);
      this.pending.shift();
    }
    return { at: step.end, head: false };
  }

  #giveUp(chunk: Buffer): { at: number; head: boolean } {
    this.opaque = true;
    this.found.push({ event: 'opaque', at: -1 });
    return { at: chunk.length, head: false };
  }

  #add(side: Side, event: string, end: number): void {
    this.found.push({ event, at: this.#bytes[side] + end });
  }

  #merge(side: Side, event: string, end: number): void {
    if (this.found.at(-1)?.event === event) this.found.pop();
    this.#add(side, event, end);
  }
}
