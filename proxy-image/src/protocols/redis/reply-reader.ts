import { LengthLine } from './length-line.ts';

const LF = 0x0a;
const CR = 0x0d;
const ZERO = 0x30;
/** A longer first element is not the kind of any message, in bytes. */
const LONGEST_KIND = 16;
/** Streamed aggregates inside one another: more than any server sends. */
const DEEPEST_STREAM = 64;

type State = 'type' | 'line' | 'length' | 'body' | 'cr' | 'lf';

/**
 * Finds the end of one RESP2 or RESP3 value after the other in a stream of bytes that is cut anywhere. It keeps how
 * many elements are still to come, and no data except what tells the messages of publish/subscribe apart.
 * @see https://github.com/redis/redis-specifications/tree/master/protocol
 */
export class ReplyReader {
  readonly #length = new LengthLine();
  #state: State = 'type';
  /** The type byte that was read last. */
  #type = '';
  /** How many type bytes the value has had so far. */
  #types = 0;
  /** Elements still to come of aggregates of known length, the value itself among them. */
  #elements = 1;
  /** For each streamed aggregate around the place of reading: the elements that are to come after it. */
  readonly #streams: number[] = [];
  /** Inside a streamed string. */
  #pieces = false;
  #bodyBytes = 0;
  #form = '';
  #kind = '';
  #integer = 0;
  #invalid = false;

  /** Whether a value has begun. */
  get begun(): boolean {
    return this.#types > 0;
  }

  get complete(): boolean {
    return this.#elements === 0 && this.#state === 'type' && this.#streams.length === 0 && !this.#pieces;
  }

  /** What came is no RESP; nothing after it can be read. */
  get invalid(): boolean {
    return this.#invalid;
  }

  /** The first byte of the value: `+`, `*`, `>`, ... */
  get form(): string {
    return this.#form;
  }

  /** The first element of an array or a push, when it is a short string: `message`, `subscribe`. */
  get kind(): string {
    return this.#kind;
  }

  /** The last integer in a value that has a kind; its sign aside. */
  get integer(): number {
    return this.#integer;
  }

  /** Forgets the value; what is read next begins another. */
  next(): void {
    this.#types = 0;
    this.#elements = 1;
    this.#form = '';
    this.#kind = '';
    this.#integer = 0;
  }

  /** Reads on from `at`, at most to the end of the value; gives the index after the last byte read. */
  read(chunk: Buffer, at: number): number {
    let next = at;
    while (next < chunk.length && !this.#invalid && !this.complete) next = this.#step(chunk, next);
    return next;
  }

  #step(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'type':
        this.#readType(String.fromCharCode(chunk[at] ?? 0));
        return at + 1;
      case 'line':
        return this.#readLine(chunk, at);
      case 'length':
        return this.#readLength(chunk, at);
      case 'body':
        return this.#readBody(chunk, at);
      case 'cr':
        if (chunk[at] === CR) this.#state = 'lf';
        else this.#invalid = true;
        return at + 1;
      case 'lf':
        if (chunk[at] !== LF) this.#invalid = true;
        this.#state = 'type';
        if (!this.#pieces) this.#endElement();
        return at + 1;
    }
  }

  #readType(type: string): void {
    if (this.#types === 0) this.#form = type;
    this.#types++;
    this.#type = type;
    if ('+-:_#,('.includes(type)) this.#state = 'line';
    else if (type === '.' && this.#streams.length > 0 && this.#elements === 0) this.#state = 'line';
    else if ('$!=;*~%>|'.includes(type)) {
      this.#state = 'length';
      this.#length.next();
    } else this.#invalid = true;
    if (this.#pieces !== (type === ';')) this.#invalid = true;
    if (type === ':') this.#integer = 0;
  }

  #readLine(chunk: Buffer, at: number): number {
    const newline = chunk.indexOf(LF, at);
    const end = newline < 0 ? chunk.length : newline;
    if (this.#type === ':' && this.#kind !== '') this.#readInteger(chunk, at, end);
    if (newline < 0) return end;
    this.#state = 'type';
    if (this.#type === '.') this.#elements = this.#streams.pop() ?? 0;
    else this.#endElement();
    return end + 1;
  }

  #readInteger(chunk: Buffer, at: number, end: number): void {
    for (let i = at; i < end; i++) {
      const digit = (chunk[i] ?? 0) - ZERO;
      if (digit >= 0 && digit <= 9) this.#integer = this.#integer * 10 + digit;
    }
  }

  #readLength(chunk: Buffer, at: number): number {
    const next = this.#length.read(chunk, at);
    if (this.#length.invalid) this.#invalid = true;
    else if (this.#length.complete) this.#begin(this.#length.length);
    return next;
  }

  /** A header is complete: begins the string or the aggregate whose length it told. */
  #begin(length: number | 'streamed'): void {
    this.#state = 'type';
    if (this.#type === ';') this.#beginPiece(length);
    else if ('$!='.includes(this.#type)) this.#beginString(length);
    else this.#beginAggregate(length);
  }

  #beginPiece(length: number | 'streamed'): void {
    if (length === 'streamed' || length < 0) {
      this.#invalid = true;
    } else if (length === 0) {
      this.#pieces = false;
      this.#endElement();
    } else {
      this.#bodyBytes = length;
      this.#state = 'body';
    }
  }

  #beginString(length: number | 'streamed'): void {
    if (length === 'streamed') {
      this.#pieces = true;
    } else if (length < 0) {
      this.#endElement();
    } else {
      this.#bodyBytes = length;
      this.#state = length === 0 ? 'cr' : 'body';
    }
  }

  #beginAggregate(length: number | 'streamed'): void {
    // An attribute stands before the element that it describes, and is none itself.
    if (this.#type !== '|') this.#endElement();
    if (length === 'streamed') {
      this.#streams.push(this.#elements);
      this.#elements = 0;
      this.#invalid = this.#streams.length > DEEPEST_STREAM;
    } else if (length > 0) {
      this.#elements += this.#type === '%' || this.#type === '|' ? 2 * length : length;
      this.#invalid = !Number.isSafeInteger(this.#elements);
    }
  }

  #readBody(chunk: Buffer, at: number): number {
    const end = Math.min(at + this.#bodyBytes, chunk.length);
    if (this.#types === 2 && this.#isKind()) this.#kind += chunk.toString('latin1', at, end);
    this.#bodyBytes -= end - at;
    if (this.#bodyBytes === 0) this.#state = 'cr';
    return end;
  }

  #isKind(): boolean {
    return (
      this.#type === '$' && (this.#form === '*' || this.#form === '>') && Number(this.#length.length) <= LONGEST_KIND
    );
  }

  /** The elements of a streamed aggregate are not counted. */
  #endElement(): void {
    if (this.#elements > 0) this.#elements--;
  }
}
