import { BodyReader } from './body-reader.ts';
import type { BodyLength } from './head.ts';

/** Of a head, from its first line through the empty one, in bytes. */
const LONGEST_HEAD = 64 * 1024;
/** After this many bytes an unfinished head is not looked at again until it is finished. */
const BEGIN_BYTES = 256;

/** Of a head that is remembered, in bytes. */
const LONGEST_REMEMBERED = 2 * 1024;

export type MessageParser<Head> = {
  parse(text: string): Head | undefined;
  /** Whether what came so far may become a head. */
  mayBe(text: string): boolean;
};

/**
 * Finds where messages begin and end in a stream of bytes that is cut anywhere. Reads up to the end of the head, then
 * up to the end of the body; keeps the bytes of an unfinished head, and nothing else.
 */
export class MessageReader<Head extends { readonly body: BodyLength }> {
  readonly #parser: MessageParser<Head>;
  readonly #body = new BodyReader();
  #head: Head | undefined;
  #invalid = false;
  /** The head before, as it came: the messages of a connection are much alike, and one that is the same is not parsed again. */
  #known: { readonly bytes: Buffer; readonly head: Head } | undefined;
  #parts: Buffer[] = [];
  #partBytes = 0;
  /** The line that is being read: its bytes so far, carriage returns aside, and whether one before it had any. */
  #lineBytes = 0;
  #begun = false;

  constructor(parser: MessageParser<Head>) {
    this.#parser = parser;
  }

  /** The head of the current message, once it is complete. */
  get head(): Head | undefined {
    return this.#head;
  }

  get complete(): boolean {
    return this.#head !== undefined && this.#body.complete;
  }

  /** What came is not what the protocol allows; nothing after it can be read. */
  get invalid(): boolean {
    return this.#invalid;
  }

  /** The bytes of a head that began in chunks before the last one. */
  get parts(): readonly Buffer[] {
    return this.#parts;
  }

  /** Forgets the current message; what is read next begins another. */
  next(): void {
    this.#head = undefined;
    if (this.#partBytes > 0) this.#parts = [];
    this.#partBytes = 0;
    this.#begun = false;
  }

  /** Parses the next head even if it is the same as the one before: what it means has changed. */
  forget(): void {
    this.#known = undefined;
  }

  /** Reads on from `at`, at most to the end of the head, or of the body; gives the index after the last byte read. */
  read(chunk: Buffer, at: number): number {
    if (this.#head === undefined) return this.#readHead(chunk, at);
    const end = this.#body.read(chunk, at);
    this.#invalid = this.#body.invalid;
    return end;
  }

  #readHead(chunk: Buffer, at: number): number {
    const whole = this.#partBytes === 0 && this.#lineBytes === 0 && !this.#begun;
    if (whole && this.#known && startsWith(chunk, at, this.#known.bytes)) {
      this.#begin(this.#known.head);
      return at + this.#known.bytes.length;
    }
    const end = this.#endOfHead(chunk, at);
    const bytes = this.#partBytes + (end ?? chunk.length) - at;
    if (bytes > LONGEST_HEAD) this.#invalid = true;
    else if (end === undefined) this.#keep(chunk, at);
    else this.#finish(this.#text(chunk, at, end), whole ? chunk.subarray(at, end) : undefined);
    return end ?? chunk.length;
  }

  /** The index after the empty line that ends the head. Empty lines before the first line do not (section 2.2). */
  #endOfHead(chunk: Buffer, at: number): number | undefined {
    for (let from = at; ; ) {
      const newline = chunk.indexOf(0x0a, from);
      const lineEnd = newline < 0 ? chunk.length : newline;
      const bytes = lineEnd - from;
      this.#lineBytes += bytes > 0 && chunk[lineEnd - 1] === 0x0d ? bytes - 1 : bytes;
      if (newline < 0) return undefined;
      if (this.#lineBytes > 0) this.#begun = true;
      else if (this.#begun) return newline + 1;
      this.#lineBytes = 0;
      from = newline + 1;
    }
  }

  #text(chunk: Buffer, at: number, end: number): string {
    const last = chunk.toString('latin1', at, end);
    return this.#parts.length === 0 ? last : Buffer.concat(this.#parts).toString('latin1') + last;
  }

  /** `bytes`: all of the head, where it came in one piece. */
  #finish(text: string, bytes: Buffer | undefined): void {
    const head = this.#parser.parse(text);
    this.#invalid = head === undefined;
    if (!head) return;
    this.#begin(head);
    const remembered = bytes !== undefined && bytes.length <= LONGEST_REMEMBERED;
    this.#known = remembered ? { bytes: Buffer.from(bytes), head } : undefined;
  }

  #begin(head: Head): void {
    this.#head = head;
    this.#body.begin(head.body);
  }

  #keep(chunk: Buffer, at: number): void {
    const undecided = this.#partBytes < BEGIN_BYTES;
    if (undecided && !this.#parser.mayBe(this.#text(chunk, at, chunk.length))) {
      this.#invalid = true;
      return;
    }
    // The chunk's memory may be used again.
    this.#parts.push(Buffer.from(chunk.subarray(at)));
    this.#partBytes += chunk.length - at;
  }
}

function startsWith(chunk: Buffer, at: number, bytes: Buffer): boolean {
  const end = at + bytes.length;
  return end <= chunk.length && bytes.compare(chunk, at, end) === 0;
}
