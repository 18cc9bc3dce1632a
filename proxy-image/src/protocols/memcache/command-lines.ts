import { LineReader } from './line-reader.ts';
import { isRetrieval, type TextCommand, textCommand } from './text-command.ts';

/** More than the server takes at once, in bytes; lines of keys to get are longer, and not kept. */
const LONGEST_LINE = 16 * 1024;
const SPACE = 0x20;
const TILDE = 0x7e;

type State = 'start' | 'word' | 'line' | 'rest' | 'data';

/** Finds where commands begin and end, with their data blocks. Keeps one line, of which the keys to get are not a part. */
export class CommandLines {
  readonly #line = new LineReader(LONGEST_LINE);
  #state: State = 'start';
  #command: TextCommand | undefined;
  #dataLeft = 0;
  #invalid = false;

  /** Once enough is known of the command. */
  get command(): TextCommand | undefined {
    return this.#command;
  }

  get complete(): boolean {
    return this.#state === 'data' && this.#dataLeft === 0;
  }

  /** What came is no command, or one after which nothing can be understood. */
  get invalid(): boolean {
    return this.#invalid;
  }

  /** Forgets the command; what is read next begins another. */
  next(): void {
    this.#line.next();
    this.#state = 'start';
    this.#command = undefined;
  }

  /** Reads on from `at`, at most to the end of the head, or of the command; gives the index after the last byte read. */
  read(chunk: Buffer, at: number): number {
    const known = this.#command !== undefined;
    let next = at;
    while (next < chunk.length && !this.#invalid && !this.complete && known === (this.#command !== undefined)) {
      next = this.#step(chunk, next);
    }
    return next;
  }

  #step(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'start':
        this.#state = 'word';
        if (!isText(chunk[at] ?? 0)) this.#invalid = true;
        return at;
      case 'word': {
        const next = this.#line.readWord(chunk, at);
        if (this.#line.cut) this.#invalid = true;
        else if (this.#line.complete) this.#know(this.#line.text);
        else if (next < chunk.length || chunk[next - 1] === SPACE) this.#endWord(this.#line.text.trim());
        return next;
      }
      case 'line': {
        const next = this.#line.read(chunk, at);
        if (this.#line.cut) this.#invalid = true;
        else if (this.#line.complete) this.#know(this.#line.text);
        return next;
      }
      case 'rest': {
        const next = this.#line.read(chunk, at);
        if (this.#line.complete) this.#state = 'data';
        return next;
      }
      case 'data': {
        const end = Math.min(at + this.#dataLeft, chunk.length);
        this.#dataLeft -= end - at;
        return end;
      }
    }
  }

  #endWord(word: string): void {
    this.#state = 'line';
    if (!isRetrieval(word)) return;
    this.#know(word);
    this.#state = 'rest';
  }

  #know(line: string): void {
    this.#command = textCommand(line.trimEnd());
    this.#dataLeft = this.#command?.dataBytes ?? 0;
    this.#state = 'data';
    if (!this.#command) this.#invalid = true;
  }
}

/** Lines of text begin with printable characters, or are empty. */
function isText(byte: number): boolean {
  return (byte >= SPACE && byte <= TILDE) || byte === 0x0d || byte === 0x0a;
}
