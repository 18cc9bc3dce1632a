import type { ClientStep } from '../exchange/codec.ts';
import { isJudged, readCommand } from './command.ts';
import { EndOfMessage } from './end-of-message.ts';
import type { Link } from './link.ts';
import { Unit } from './unit.ts';

const LF = 0x0a;
/** Of a command line, to tell what it is. Longer ones are the server's to refuse. */
const LONGEST_HEAD = 1024;
const NO_CHUNK = Buffer.from('503 5.5.1 A chunk of this message has failed, RSET first\r\n');
/** After these the server has nothing left of a message. */
const RESETS: ReadonlySet<string> = new Set(['RSET', 'EHLO', 'HELO']);

/** Finds the commands and messages in what the client sends. */
export class ClientSide {
  readonly #link: Link;
  readonly #endOfMessage = new EndOfMessage();
  /** What the client is sending: nothing yet, or a part of a request. */
  #state: 'between' | 'line' | 'chunk' | 'message' | 'answer' = 'between';
  /** The beginning of a command line. */
  #line = '';
  #chunkLeft = 0;

  constructor(link: Link) {
    this.#link = link;
  }

  read(chunk: Buffer, from: number): ClientStep {
    if (this.#link.lost) return { kind: 'opaque' };
    switch (this.#state) {
      case 'between':
        return from < chunk.length ? this.#begin(chunk, from) : { kind: 'more' };
      case 'line':
        return this.#finishLine(chunk, from);
      case 'chunk':
        return this.#readChunk(chunk, from);
      case 'message':
        return this.#readMessage(chunk, from);
      case 'answer':
        return this.#readAnswer(chunk, from);
    }
  }

  #begin(chunk: Buffer, from: number): ClientStep {
    if (this.#link.takesMessage) {
      // What was read as the beginning of a command is the message's.
      return this.#line === '' ? this.#beginMessage(chunk, from) : this.#lose();
    }
    if (this.#link.authenticating && this.#line === '') return this.#readAnswer(chunk, from);
    const limit = from + LONGEST_HEAD - this.#line.length;
    const newline = chunk.indexOf(LF, from);
    const end = newline < 0 ? chunk.length : newline + 1;
    this.#line += chunk.toString('latin1', from, Math.min(end, limit));
    if (newline < 0 && end < limit) return { kind: 'more' };
    const line = this.#line;
    this.#line = '';
    return this.#beginCommand(line, Math.min(end, limit));
  }

  #beginCommand(line: string, end: number): ClientStep {
    const { verb, chunkBytes, last } = readCommand(line);
    // LMTP answers a message once for each recipient.
    if (verb === 'LHLO') return this.#lose();
    if (RESETS.has(verb)) this.#link.chunksFailed = false;
    const refused = verb === 'BDAT' && this.#link.chunksFailed;
    const instead = refused ? { toBackend: undefined, toClient: NO_CHUNK } : undefined;
    const request = new Unit({ operation: verb, judged: isJudged(verb) && !refused, instead, last });
    this.#link.last = request;
    this.#chunkLeft = chunkBytes;
    this.#state = line.endsWith('\n') ? 'chunk' : 'line';
    if (verb === 'AUTH') this.#link.authenticating = request;
    return { kind: 'head', end, request };
  }

  #beginMessage(chunk: Buffer, from: number): ClientStep {
    this.#link.takesMessage = false;
    const request = new Unit({ operation: 'DATA message', judged: true, message: true });
    this.#link.last = request;
    this.#state = 'message';
    this.#endOfMessage.begin();
    // Its first byte tells as much of it as the rest.
    this.#endOfMessage.find(chunk.subarray(from, from + 1), 0);
    return { kind: 'head', end: from + 1, request };
  }

  #finishLine(chunk: Buffer, from: number): ClientStep {
    const newline = chunk.indexOf(LF, from);
    return newline < 0 ? { kind: 'more' } : this.#complete(newline + 1);
  }

  #readChunk(chunk: Buffer, from: number): ClientStep {
    const skipped = Math.min(this.#chunkLeft, chunk.length - from);
    this.#chunkLeft -= skipped;
    return this.#chunkLeft > 0 ? { kind: 'more' } : this.#complete(from + skipped);
  }

  #readMessage(chunk: Buffer, from: number): ClientStep {
    const end = this.#endOfMessage.find(chunk, from);
    return end === undefined ? { kind: 'more' } : this.#complete(end);
  }

  /** A line that answers a challenge of the server. */
  #readAnswer(chunk: Buffer, from: number): ClientStep {
    const newline = chunk.indexOf(LF, from);
    this.#state = newline < 0 ? 'answer' : 'between';
    return { kind: 'continued', end: newline < 0 ? chunk.length : newline + 1 };
  }

  #complete(end: number): ClientStep {
    this.#state = 'between';
    if (this.#link.last) this.#link.last.complete = true;
    return { kind: 'complete', end };
  }

  #lose(): ClientStep {
    this.#link.lost = true;
    return { kind: 'opaque' };
  }
}
