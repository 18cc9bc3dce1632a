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
/** beanstalkd takes no longer lines. */
const LONGEST_LINE = 224;
const ERRORS = ['OUT_OF_MEMORY', 'INTERNAL_ERROR', 'DRAINING', 'BAD_FORMAT', 'UNKNOWN_COMMAND'];

/** Finds messages of one direction: a line, and for some a number of bytes and CRLF behind it. */
class MessageReader {
  /** The line, once all of it has come. */
  words: readonly string[] | undefined;
  #text = '';
  #left = 0;
  readonly #bodyBytes: (words: readonly string[]) => number | undefined;

  constructor(bodyBytes: (words: readonly string[]) => number | undefined) {
    this.#bodyBytes = bodyBytes;
  }

  /** Reads the line, or what follows it. Gives where it stopped; undefined when this is another protocol. */
  read(chunk: Buffer, from: number): number | undefined {
    if (this.words) {
      const end = Math.min(chunk.length, from + this.#left);
      this.#left -= end - from;
      return end;
    }
    const newline = chunk.indexOf(LF, from);
    const end = newline < 0 ? chunk.length : newline + 1;
    this.#text += chunk.toString('latin1', from, end);
    if (this.#text.length > LONGEST_LINE) return undefined;
    if (newline >= 0) {
      this.words = this.#text.trim().split(' ');
      const bytes = this.#bodyBytes(this.words);
      if (Number.isNaN(bytes)) return undefined;
      this.#left = bytes === undefined ? 0 : bytes + 2;
    }
    return end;
  }

  get complete(): boolean {
    return this.words !== undefined && this.#left === 0;
  }

  next(): void {
    this.words = undefined;
    this.#text = '';
  }
}

/** NaN when it is no count. */
function bytesOf(text: string | undefined): number {
  return /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
}

/** One connection to beanstalkd. Requests may be pipelined, and are answered in their order. */
class BeanstalkCodec implements Codec {
  readonly serverFirst = false;
  readonly #requests = new MessageReader(([command, , , , bytes]) => (command === 'put' ? bytesOf(bytes) : undefined));
  readonly #answers = new MessageReader(([word, ...more]) => {
    // RESERVED <id> <bytes>, FOUND <id> <bytes>, OK <bytes>
    return word === 'RESERVED' || word === 'FOUND' || word === 'OK' ? bytesOf(more.at(-1)) : undefined;
  });
  #begun = false;

  readClient(chunk: Buffer, from: number): ClientStep {
    const requests = this.#requests;
    const end = requests.read(chunk, from);
    if (end === undefined) return { kind: 'opaque' };
    if (!requests.words) return { kind: 'more' };
    if (!this.#begun) {
      // The head is the line: a large job is decided about before it has come.
      this.#begun = true;
      const [operation = ''] = requests.words;
      const quits = operation === 'quit';
      return { kind: 'head', end, request: { operation, answered: !quits, judged: !quits } };
    }
    if (!requests.complete) return { kind: 'more' };
    requests.next();
    this.#begun = false;
    return { kind: 'complete', end };
  }

  readBackend(chunk: Buffer, from: number, request: Request | undefined): BackendStep {
    const answers = this.#answers;
    if (!request) return { kind: 'opaque' };
    for (let at = from; ; ) {
      const end = answers.read(chunk, at);
      if (end === undefined) return { kind: 'opaque' };
      if (answers.complete) {
        answers.next();
        return { kind: 'complete', end };
      }
      if (end === chunk.length) return { kind: 'more' };
      at = end;
    }
  }

  /** beanstalkd's errors are single words: there is no room for the id. */
  errorFor(_: Request, { code = 'INTERNAL_ERROR' }: NativeError): Answer {
    return { bytes: Buffer.from(`${code}\r\n`), close: false };
  }
}

export const beanstalk: ProtocolPlugin = exchangeProtocol({
  name: 'beanstalk',
  doc: `beanstalkd, the work queue. A rule draws for each command but quit. An error is one of ${ERRORS.join(', ')}; by default INTERNAL_ERROR.`,
  options: z.strictObject({}),
  checkCode: (code) =>
    ERRORS.includes(String(code)) ? undefined : `expected one of ${ERRORS.join(', ')}, got '${code}'`,
  codec: () => () => new BeanstalkCodec(),
});
