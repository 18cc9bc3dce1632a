import { parseHead, type ResponseHead } from './response-head.ts';

/** Heads are told apart by their length: those of one endpoint share it, those of different ones seldom do. */
const SLOTS = 64;
/** A head with so much in it is not worth its memory. */
const MOST_CHARACTERS = 2048;

/** A head that was parsed before, with the bytes that it was parsed from. */
export type KnownHead = {
  readonly text: string;
  readonly head: ResponseHead;
  readonly bytes: Buffer;
  /** The whole words of `bytes`. */
  readonly words: Int32Array;
};

/**
 * Response heads that were parsed before, for the next one of the same text: most responses of a load test differ in
 * nothing but their body, and in `date` once a second.
 */
export class HeadCache {
  readonly #maxHeaders: number;
  readonly #slots: (KnownHead | undefined)[] = new Array<undefined>(SLOTS).fill(undefined);

  constructor(maxHeaders: number) {
    this.#maxHeaders = maxHeaders;
  }

  /** The head of a text that ends with an empty line. Throws a ProtocolError when it is none. */
  parse(text: string): KnownHead {
    const slot = text.length % SLOTS;
    const known = this.#slots[slot];
    if (known !== undefined && known.text === text) return known;
    const head = parseHead(text, this.#maxHeaders);
    const bytes = Buffer.allocUnsafeSlow(text.length);
    bytes.write(text, 'latin1');
    const parsed = { text, head, bytes, words: new Int32Array(bytes.buffer, 0, bytes.length >>> 2) };
    if (text.length <= MOST_CHARACTERS) this.#slots[slot] = parsed;
    return parsed;
  }
}

/** Whether `length` bytes begin with a head: a look that needs no text, four bytes at a time. */
export function beginsWith(bytes: Buffer, length: number, { bytes: head, words: headWords }: KnownHead): boolean {
  const end = head.length;
  if (length < end) return false;
  if (bytes !== lastBytes) {
    lastBytes = bytes;
    lastWords = wordsOf(bytes);
  }
  let at = 0;
  if (lastWords !== undefined) {
    for (; at < headWords.length; at += 1) {
      if (lastWords[at] !== headWords[at]) return false;
    }
    at *= 4;
  }
  for (; at < end; at += 1) {
    if (bytes[at] !== head[at]) return false;
  }
  return true;
}

/** A view of the words of some bytes, where they lie as words have to. */
function wordsOf(bytes: Buffer): Int32Array | undefined {
  return bytes.byteOffset % 4 === 0 ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2) : undefined;
}

/** All connections read into the same buffer: one view serves them. */
let lastBytes: Buffer | undefined;
let lastWords: Int32Array | undefined;

/** The cache that all connections of this process share whose responses have the same limit. */
export function headCacheFor(maxHeaders: number): HeadCache {
  let cache = caches.get(maxHeaders);
  if (cache === undefined) {
    cache = new HeadCache(maxHeaders);
    caches.set(maxHeaders, cache);
  }
  return cache;
}

const caches = new Map<number, HeadCache>();
