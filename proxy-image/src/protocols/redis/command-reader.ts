import { splitInline } from './inline-command.ts';
import { LengthLine } from './length-line.ts';

const LF = 0x0a;
const CR = 0x0d;
const STAR = 0x2a;
const DOLLAR = 0x24;
const SPACE = 0x20;
const TILDE = 0x7e;
/** The server's own limit for inline commands, in bytes. */
const LONGEST_INLINE = 64 * 1024;
/** No command and no subcommand has a longer name, in bytes. */
const LONGEST_WORD = 64;

type State = 'start' | 'count' | 'argument' | 'length' | 'body' | 'cr' | 'lf' | 'inline';

/** The beginning of a command, as much of it as says what it is. */
export type CommandHead = {
  /** Its first words as they were sent; one that is too long for a name is empty. */
  readonly words: readonly string[];
  /** How many words it has, its name among them; 0: the server ignores it. */
  readonly count: number;
};

/**
 * Finds where commands begin and end, in either form: an array of bulk strings, or a line of words. Keeps the words at
 * the beginning of a command, as many as `wanted` asks for, and the line of an inline command.
 */
export class CommandReader {
  readonly #wanted: (words: readonly string[]) => number;
  readonly #length = new LengthLine();
  #state: State = 'start';
  #head: CommandHead | undefined;
  #words: string[] = [];
  #count = 0;
  #argumentsLeft = 0;
  #bodyBytes = 0;
  #word = '';
  #line: Buffer[] = [];
  #lineBytes = 0;
  #complete = false;
  #invalid = false;

  /** `wanted` says of the words known so far how many are needed to know what the command is. */
  constructor(wanted: (words: readonly string[]) => number) {
    this.#wanted = wanted;
  }

  /** Once enough is known of the command. */
  get head(): CommandHead | undefined {
    return this.#head;
  }

  get complete(): boolean {
    return this.#complete;
  }

  /** What came is no command; nothing after it can be read. */
  get invalid(): boolean {
    return this.#invalid;
  }

  /** Forgets the command; what is read next begins another. */
  next(): void {
    this.#state = 'start';
    this.#head = undefined;
    this.#words = [];
    this.#complete = false;
  }

  /** Reads on from `at`, at most to the end of the head, or of the command; gives the index after the last byte read. */
  read(chunk: Buffer, at: number): number {
    const headKnown = this.#head !== undefined;
    let next = at;
    while (next < chunk.length && !this.#invalid && !this.#complete && headKnown === (this.#head !== undefined)) {
      next = this.#step(chunk, next);
    }
    return next;
  }

  #step(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'start':
        return this.#begin(chunk[at] ?? 0, at);
      case 'count':
        return this.#readLength(chunk, at, (count) => this.#beginArguments(count));
      case 'argument':
        this.#length.next();
        this.#state = 'length';
        if (chunk[at] !== DOLLAR) this.#invalid = true;
        return at + 1;
      case 'length':
        return this.#readLength(chunk, at, (length) => this.#beginBody(length));
      case 'body':
        return this.#readBody(chunk, at);
      case 'cr':
        this.#state = 'lf';
        if (chunk[at] !== CR) this.#invalid = true;
        return at + 1;
      case 'lf':
        if (chunk[at] === LF) this.#endArgument();
        else this.#invalid = true;
        return at + 1;
      case 'inline':
        return this.#readInline(chunk, at);
    }
  }

  #begin(byte: number, at: number): number {
    if (byte === STAR) {
      this.#length.next();
      this.#state = 'count';
      return at + 1;
    }
    this.#line = [];
    this.#lineBytes = 0;
    this.#state = 'inline';
    const text = (byte >= SPACE && byte <= TILDE) || byte === CR || byte === LF;
    if (!text) this.#invalid = true;
    return at;
  }

  #readLength(chunk: Buffer, at: number, begin: (length: number) => void): number {
    const next = this.#length.read(chunk, at);
    if (this.#length.invalid) this.#invalid = true;
    else if (this.#length.complete && this.#length.length === 'streamed') this.#invalid = true;
    else if (this.#length.complete) begin(Number(this.#length.length));
    return next;
  }

  #beginArguments(count: number): void {
    this.#count = Math.max(count, 0);
    this.#argumentsLeft = this.#count;
    this.#state = 'argument';
    if (this.#count === 0) this.#end();
  }

  #beginBody(length: number): void {
    this.#word = '';
    this.#bodyBytes = length;
    this.#state = length === 0 ? 'cr' : 'body';
    if (length < 0) this.#invalid = true;
  }

  #readBody(chunk: Buffer, at: number): number {
    const end = Math.min(at + this.#bodyBytes, chunk.length);
    if (!this.#head && Number(this.#length.length) <= LONGEST_WORD) this.#word += chunk.toString('latin1', at, end);
    this.#bodyBytes -= end - at;
    if (this.#bodyBytes === 0) this.#state = 'cr';
    return end;
  }

  #endArgument(): void {
    this.#argumentsLeft--;
    this.#state = 'argument';
    if (!this.#head) {
      this.#words.push(this.#word);
      if (this.#argumentsLeft === 0 || this.#words.length >= this.#wanted(this.#words)) this.#tellHead();
    }
    if (this.#argumentsLeft === 0) this.#end();
  }

  #readInline(chunk: Buffer, at: number): number {
    const newline = chunk.indexOf(LF, at);
    const end = newline < 0 ? chunk.length : newline + 1;
    this.#lineBytes += end - at;
    if (this.#lineBytes > LONGEST_INLINE) {
      this.#invalid = true;
      return end;
    }
    this.#line.push(chunk.subarray(at, end));
    if (newline >= 0) this.#endInline();
    return end;
  }

  #endInline(): void {
    const line = this.#line.length === 1 ? this.#line[0] : Buffer.concat(this.#line);
    this.#line = [];
    // A line that the server refuses is answered with an error: a command without a name.
    const words = splitInline(line?.toString('latin1') ?? '') ?? [''];
    this.#count = words.length;
    this.#words = words.map((word) => (word.length <= LONGEST_WORD ? word : ''));
    this.#end();
  }

  #tellHead(): void {
    this.#head = { words: this.#words, count: this.#count };
  }

  #end(): void {
    if (!this.#head) this.#tellHead();
    this.#complete = true;
  }
}
