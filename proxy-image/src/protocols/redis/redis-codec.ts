import type { Answer, BackendStep, ClientStep, Codec, NativeError, Request } from '../exchange/codec.ts';
import { type Command, isJudged, isSticky, readCommand, wordsWanted } from './command.ts';
import { CommandReader } from './command-reader.ts';
import { execError, nativeError } from './native-error.ts';
import { ReplyReader } from './reply-reader.ts';
import { type Subscribing, Subscriptions, subscribing } from './subscriptions.ts';
import { DISCARD, type Transaction, Transactions } from './transactions.ts';

type RedisRequest = Request & {
  readonly transaction: Transaction | undefined;
  readonly subscribing: Subscribing | undefined;
};

const OPAQUE = { kind: 'opaque' } as const;
const MORE = { kind: 'more' } as const;

/** One connection of Redis, in RESP2 or RESP3. */
export class RedisCodec implements Codec {
  readonly serverFirst = false;
  readonly #commands = new CommandReader(wordsWanted);
  readonly #replies = new ReplyReader();
  readonly #transactions = new Transactions();
  readonly #subscriptions = new Subscriptions();
  #headTold = false;
  /** Whether the value that the server is sending belongs to the answer of a request. */
  #asked = false;
  /** Of the command being answered: the confirmations still to come, once there was one. */
  #confirmationsLeft: number | undefined;
  #sticky = false;

  /** Where nothing was set up, commands know nothing of those before them. */
  get reusable(): boolean {
    return !this.#sticky;
  }

  readClient(chunk: Buffer, from: number): ClientStep {
    const commands = this.#commands;
    const end = commands.read(chunk, from);
    if (commands.invalid) return OPAQUE;
    if (!this.#headTold && commands.head) {
      const command = readCommand(commands.head);
      const request = command && this.#request(command);
      if (!request) return OPAQUE;
      this.#headTold = true;
      return { kind: 'head', end, request };
    }
    if (!commands.complete) return MORE;
    commands.next();
    this.#headTold = false;
    return { kind: 'complete', end };
  }

  readBackend(chunk: Buffer, from: number, request: Request | undefined): BackendStep {
    const replies = this.#replies;
    const asking = request?.answered && isRedisRequest(request) ? request : undefined;
    for (let at = from; at < chunk.length; ) {
      if (!replies.begun) this.#asked = asking !== undefined && belongs(String.fromCharCode(chunk[at] ?? 0), asking);
      at = replies.read(chunk, at);
      if (replies.invalid) return OPAQUE;
      if (!replies.complete) break;
      const ends = this.#endValue(this.#asked ? asking : undefined);
      if (!this.#asked) return { kind: 'unasked', end: at };
      if (ends) return { kind: 'complete', end: at };
    }
    return this.#asked ? MORE : { kind: 'unasked', end: chunk.length };
  }

  errorFor(request: Request, error: NativeError): Answer | undefined {
    if (!request.answered) return undefined;
    const transaction = isRedisRequest(request) ? request.transaction : undefined;
    if (transaction) transaction.dirty = true;
    // A server that was not asked still has the commands of the transaction: they must not meet what comes next.
    if (transaction === undefined || request.operation !== 'EXEC') return { bytes: nativeError(error), close: false };
    return { bytes: execError(error), close: false, toBackend: DISCARD };
  }

  #request(command: Command): RedisRequest | undefined {
    const { operation, count } = command;
    if (isSticky(command)) this.#sticky = true;
    const { transaction, instead } = this.#transactions.place(operation);
    const confirmed = subscribing(operation, count);
    // In RESP2 its confirmations would stand beside EXEC's answer, and there would be no telling which belong to it.
    if (confirmed && transaction) return undefined;
    return {
      operation,
      answered: count > 0,
      // Another answer is certain already.
      judged: isJudged(command) && !instead,
      instead,
      transaction,
      subscribing: confirmed,
    };
  }

  /** The server has sent a whole value. Whether it ends the answer of the request that it belongs to. */
  #endValue(request: RedisRequest | undefined): boolean {
    const value = this.#replies;
    const ends = request !== undefined && this.#ends(request);
    if (ends && request.operation === 'MULTI' && request.transaction) request.transaction.refused = value.form === '-';
    if (ends && request.operation === 'RESET' && value.form === '+') this.#subscriptions.clear();
    this.#subscriptions.note(value, request?.subscribing);
    value.next();
    return ends;
  }

  #ends({ subscribing: confirmed }: RedisRequest): boolean {
    const value = this.#replies;
    if (!confirmed) return !this.#subscriptions.isMessage(value);
    const refused = value.form !== '>' && value.form !== '*';
    if (!refused && value.kind !== confirmed.confirmation) return false;
    this.#confirmationsLeft ??= this.#subscriptions.confirmations(confirmed);
    this.#confirmationsLeft--;
    if (!refused && this.#confirmationsLeft > 0) return false;
    this.#confirmationsLeft = undefined;
    return true;
  }
}

/**
 * Push messages answer nothing, except confirmations of subscriptions. While one of those is awaited, whatever comes
 * before it counts as a part of the answer: only inside a message can be read what it is.
 */
function belongs(form: string, { subscribing: confirmed }: RedisRequest): boolean {
  return form !== '>' || confirmed !== undefined;
}

function isRedisRequest(request: Request): request is RedisRequest {
  return 'transaction' in request && 'subscribing' in request;
}
