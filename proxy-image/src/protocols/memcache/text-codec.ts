import type { Answer, BackendStep, ClientStep, Codec, NativeError, Request } from '../exchange/codec.ts';
import { AnswerReader } from './answer-reader.ts';
import { CommandLines } from './command-lines.ts';
import { textError } from './native-error.ts';
import { answerEnds, mayAnswer, type TextAnswer } from './text-answer.ts';
import type { TextCommand } from './text-command.ts';

type TextRequest = Request & {
  readonly answer: TextAnswer;
  /** First words of what the server may still have to say to quiet commands before it. */
  readonly stray: ReadonlySet<string>;
};

const OPAQUE = { kind: 'opaque' } as const;
const MORE = { kind: 'more' } as const;
const NOTHING: ReadonlySet<string> = new Set();

/**
 * One connection of the text protocol, classic and meta commands. What the server has to say to quiet commands comes
 * before its answer to the next one that is not quiet, and counts as a part of that answer.
 * @see https://github.com/memcached/memcached/blob/master/doc/protocol.txt
 */
export class TextCodec implements Codec {
  readonly serverFirst = false;
  readonly #commands = new CommandLines();
  readonly #answers = new AnswerReader();
  #headTold = false;
  #stray: ReadonlySet<string> = NOTHING;
  /** Whether the line that the server is sending belongs to the answer of a request. */
  #asked = false;

  readClient(chunk: Buffer, from: number): ClientStep {
    const commands = this.#commands;
    const end = commands.read(chunk, from);
    if (commands.invalid) return OPAQUE;
    if (!this.#headTold && commands.command) {
      this.#headTold = true;
      return { kind: 'head', end, request: this.#request(commands.command) };
    }
    if (!commands.complete) return MORE;
    commands.next();
    this.#headTold = false;
    return { kind: 'complete', end };
  }

  readBackend(chunk: Buffer, from: number, request: Request | undefined): BackendStep {
    const answers = this.#answers;
    const asking = request?.answered && isTextRequest(request) ? request : undefined;
    for (let at = from; at < chunk.length; ) {
      if (!answers.begun) this.#asked = asking !== undefined;
      at = answers.read(chunk, at);
      if (answers.invalid) return OPAQUE;
      if (!answers.complete) break;
      const meaning = this.#asked && asking ? meaningOf(answers, asking) : 'unasked';
      answers.next();
      if (meaning === 'astray') return OPAQUE;
      if (meaning !== 'part') return { kind: meaning, end: at };
    }
    return this.#asked ? MORE : { kind: 'unasked', end: chunk.length };
  }

  errorFor(request: Request, error: NativeError): Answer | undefined {
    // The server itself keeps silent about failures after `noreply`; and an error says nothing of which quiet command it means.
    if (!request.answered || !isTextRequest(request)) return undefined;
    // What the server says to quiet commands before it must not come after the line that the client takes for the last.
    return { bytes: textError(error), close: request.stray.size > 0 };
  }

  #request({ operation, answered, judged, quiet, answer }: TextCommand): TextRequest {
    const stray = this.#stray;
    if (answered) this.#stray = NOTHING;
    else if (quiet) this.#stray = stray.union(answer.codes);
    return { operation, answered, judged, answer, stray };
  }
}

/** What a line of the server means to the request that waits: its end, a part before that, or that the order is lost. */
function meaningOf(line: AnswerReader, { answer, stray }: TextRequest): 'complete' | 'part' | 'astray' {
  const { code, words } = line;
  const fits = mayAnswer(answer, code);
  if (!stray.has(code)) {
    if (!fits) return 'astray';
    return answerEnds(answer, code) ? 'complete' : 'part';
  }
  if (!fits) return 'part';
  // It may answer a quiet command, or the request. Errors repeat no mark.
  if (answer.mark === undefined || code.endsWith('ERROR')) return 'astray';
  return words.includes(answer.mark) ? 'complete' : 'part';
}

function isTextRequest(request: Request): request is TextRequest {
  return 'answer' in request && 'stray' in request;
}
