import {
  type Answer,
  type BackendStep,
  type ClientStep,
  type Codec,
  exchangeProtocol,
  type NativeError,
  type ProtocolPlugin,
  type Request,
} from '@loads/vaurien';
import * as z from 'zod';

const LF = 0x0a;
/** A line that does not end is not kept for ever. */
const LONGEST_LINE = 64 * 1024;

/** One connection: every line is a request, and every line is an answer. */
class LineCodec implements Codec {
  readonly serverFirst = false;
  readonly #error: string;
  /** The beginning of a line whose end has not come. */
  #line = '';
  /** The head of a request was given, and with it all of it. */
  #begun = false;

  constructor(error: string) {
    this.#error = error;
  }

  readClient(chunk: Buffer, from: number): ClientStep {
    if (this.#begun) {
      this.#begun = false;
      return { kind: 'complete', end: from };
    }
    const newline = chunk.indexOf(LF, from);
    this.#line += chunk.toString('latin1', from, newline < 0 ? chunk.length : newline);
    if (this.#line.length > LONGEST_LINE) return { kind: 'opaque' };
    if (newline < 0) return { kind: 'more' };
    const [operation = ''] = this.#line.trim().split(' ', 1);
    this.#line = '';
    this.#begun = true;
    const request = { operation: operation.toUpperCase(), answered: true, judged: true };
    return { kind: 'head', end: newline + 1, request };
  }

  readBackend(chunk: Buffer, from: number, request: Request | undefined): BackendStep {
    const newline = chunk.indexOf(LF, from);
    if (!request) return { kind: 'unasked', end: newline < 0 ? chunk.length : newline + 1 };
    return newline < 0 ? { kind: 'more' } : { kind: 'complete', end: newline + 1 };
  }

  errorFor(_: Request, { id, message = 'injected by vaurien {id}' }: NativeError): Answer {
    return { bytes: Buffer.from(`${this.#error} ${message.replaceAll('{id}', id)}\n`), close: false };
  }
}

export const lines: ProtocolPlugin = exchangeProtocol({
  name: 'lines',
  doc: 'Every line is a request, and is answered by a line. An error is a line that begins with a word of your choice.',
  options: z.strictObject({
    error: z.string().default('ERROR').describe('the word with which an error begins'),
  }),
  checkCode: () => 'there are no codes; the word of an error is the option `error` of the protocol',
  codec:
    ({ error }) =>
    () =>
      new LineCodec(error),
});
