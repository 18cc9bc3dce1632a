import type { Answer, BackendStep, ClientStep, Codec, NativeError, Request } from '../exchange/codec.ts';
import { agree, type Capabilities, type Flags, readGreeting, readResponse } from './capabilities.ts';
import {
  CHANGE_USER,
  QUERY,
  RESET_CONNECTION,
  STMT_BULK_EXECUTE,
  STMT_CLOSE,
  STMT_EXECUTE,
  STMT_PREPARE,
} from './commands.ts';
import { errorAnswer } from './native-error.ts';
import { OwedRollback } from './owed-rollback.ts';
import { PacketReader } from './packet-reader.ts';
import { errPacket } from './packets.ts';
import { isMysqlRequest, type MysqlRequest } from './request.ts';
import { loginRequest, readCommand } from './request-reader.ts';
import { type PacketRole, ResponseReader } from './response-reader.ts';
import { UNKNOWN_STATEMENT } from './server-errors.ts';
import { LAST_STATEMENT, Statements } from './statements.ts';

/** Of a command: enough for a comment before the verb. */
const COMMAND_BYTES = 1024;
const GREETING_BYTES = 512;
/** Of a packet of a response: an OK packet through its status. */
const RESPONSE_BYTES = 32;

/** What the connection has come to. A greeting is the server's, a login ends with its OK. */
type Phase = 'greeting' | 'login' | 'commands' | 'opaque';

/** Requests and responses of one connection to MySQL or MariaDB (protocol 4.1). */
export class MysqlCodec implements Codec {
  readonly serverFirst = true;
  readonly #fromClient = new PacketReader(COMMAND_BYTES);
  #fromBackend = new PacketReader(GREETING_BYTES);
  readonly #statements = new Statements();
  readonly #rollback = new OwedRollback();
  #phase: Phase = 'greeting';
  #server: Flags | undefined;
  #capabilities: Capabilities | undefined;
  /** Its head was given, and its end not yet. */
  #current: MysqlRequest | undefined;
  /** The exchange for which the client sends more than its request: a login, or a file that the server asked for. */
  #asked: MysqlRequest | undefined;
  #response: { readonly request: MysqlRequest; readonly reader: ResponseReader } | undefined;
  /** Of the packet of the response that is being read. */
  #role: PacketRole | undefined;
  /** The server's latest. */
  #status = 0;
  #prepareFailed = false;

  readClient(chunk: Buffer, from: number): ClientStep {
    if (this.#phase === 'opaque' || this.#phase === 'greeting') return this.#opaque();
    if (this.#current) return this.#restOf(this.#current, chunk, from);
    if (from >= chunk.length) return { kind: 'more' };
    if (this.#asked) return this.#continue(this.#asked, chunk, from);
    const end = this.#fromClient.read(chunk, from);
    if (!this.#fromClient.headed) return { kind: 'more' };
    const request = this.#phase === 'login' ? this.#login() : this.#command();
    if (!request) return this.#opaque();
    this.#current = request;
    return { kind: 'head', end, request };
  }

  readBackend(chunk: Buffer, from: number, request: Request | undefined): BackendStep {
    if (this.#phase === 'opaque') return this.#opaque();
    if (from >= chunk.length) return { kind: 'more' };
    if (this.#phase === 'greeting') return this.#greeting(chunk, from);
    if (!request) return this.#unasked(chunk, from);
    return isMysqlRequest(request) ? this.#answer(request, chunk, from) : this.#opaque();
  }

  errorFor(request: Request, error: NativeError): Answer | undefined {
    if (!isMysqlRequest(request) || !request.answered) return undefined;
    const answer = errorAnswer(error);
    this.#rollback.told(answer);
    if (request.command === STMT_PREPARE) this.#prepareFailed = true;
    return {
      // Its number is that of the client's last packet, which may still be to come.
      get bytes(): Buffer {
        return errPacket(request.sequence + 1, answer.error, answer.text);
      },
      close: answer.error.closes === true || request.response === 'login',
    };
  }

  #opaque(): { readonly kind: 'opaque' } {
    this.#phase = 'opaque';
    return { kind: 'opaque' };
  }

  #greeting(chunk: Buffer, from: number): BackendStep {
    const reader = this.#fromBackend;
    const end = reader.read(chunk, from);
    if (!reader.complete) return { kind: 'unasked', end };
    this.#server = readGreeting(reader.payload);
    // A server that is full says so instead, and closes.
    if (!this.#server && reader.payload[0] !== 0xff) return this.#opaque();
    if (this.#server) this.#phase = 'login';
    this.#fromBackend = new PacketReader(RESPONSE_BYTES);
    return { kind: 'unasked', end };
  }

  #login(): MysqlRequest | undefined {
    const client = readResponse(this.#fromClient.payload);
    this.#capabilities = this.#server && client && agree(this.#server, client);
    if (!this.#capabilities) return undefined;
    this.#asked = loginRequest(this.#fromClient.sequence);
    return this.#asked;
  }

  #command(): MysqlRequest | undefined {
    const request = this.#capabilities && readCommand(this.#fromClient, this.#capabilities, this.#statements);
    if (!request) return undefined;
    if (request.response === 'login') this.#asked = request;
    if (request.command === STMT_CLOSE && request.statementId !== undefined)
      this.#statements.close(request.statementId);
    if (request.command === STMT_PREPARE) {
      this.#statements.sent(request.verb);
      this.#prepareFailed = false;
    }
    const instead = this.#insteadOf(request);
    return instead ? { ...request, instead, judged: false } : request;
  }

  #insteadOf(request: MysqlRequest): Request['instead'] {
    const { command, statementId, transaction } = request;
    if (command !== QUERY && command !== STMT_EXECUTE && command !== STMT_BULK_EXECUTE) return undefined;
    if (statementId === LAST_STATEMENT && this.#prepareFailed) {
      // The server would execute the statement before it.
      return { toBackend: undefined, toClient: errPacket(1, UNKNOWN_STATEMENT, UNKNOWN_STATEMENT.message) };
    }
    const attributes = this.#capabilities?.queryAttributes === true;
    return this.#rollback.instead({ transaction, status: this.#status, attributes });
  }

  #restOf(request: MysqlRequest, chunk: Buffer, from: number): ClientStep {
    const end = this.#fromClient.read(chunk, from);
    if (!this.#fromClient.complete) return { kind: 'more' };
    request.sequence = this.#fromClient.sequence;
    this.#fromClient.next();
    this.#current = undefined;
    return { kind: 'complete', end };
  }

  /** A file ends with an empty packet, a login with the server's word. */
  #continue(asked: MysqlRequest, chunk: Buffer, from: number): ClientStep {
    const reader = this.#fromClient;
    let end = from;
    while (end < chunk.length && this.#asked) {
      end = reader.read(chunk, end);
      if (!reader.complete) continue;
      asked.sequence = reader.sequence;
      if (reader.length === 0 && asked.response !== 'login') this.#asked = undefined;
      reader.next();
    }
    return { kind: 'continued', end };
  }

  /** Servers speak unasked only to say why they close the connection. */
  #unasked(chunk: Buffer, from: number): BackendStep {
    const reader = this.#fromBackend;
    const end = reader.read(chunk, from);
    if (reader.headed && reader.payload[0] !== 0xff) return this.#opaque();
    if (reader.complete) reader.next();
    return { kind: 'unasked', end };
  }

  #answer(request: MysqlRequest, chunk: Buffer, from: number): BackendStep {
    const reader = this.#fromBackend;
    const response = this.#responseTo(request);
    if (!response) return this.#opaque();
    for (let at = from; ; ) {
      if (reader.idle) at = response.skipRows(chunk, at);
      at = reader.read(chunk, at);
      if (!reader.headed) return { kind: 'more' };
      this.#role ??= response.packet(reader.payload, reader.length);
      const role = this.#role;
      if (role === 'broken') return this.#opaque();
      at = reader.read(chunk, at);
      // The client answers it before there is a response: a fault of the response must not hold it back.
      const step: BackendStep = role === 'question' ? { kind: 'unasked', end: at } : { kind: 'more' };
      if (!reader.complete) return step;
      reader.next();
      this.#role = undefined;
      if (role === 'end') return this.#ended(request, response, at);
      if (role === 'part') continue;
      this.#asked = request;
      return step;
    }
  }

  #responseTo(request: MysqlRequest): ResponseReader | undefined {
    if (this.#response?.request !== request) {
      if (!this.#capabilities) return undefined;
      // What goes out instead of a request is a statement without a result.
      const reader = new ResponseReader(request.instead ? 'ok' : request.response, this.#capabilities);
      this.#response = { request, reader };
    }
    return this.#response.reader;
  }

  #ended(request: MysqlRequest, response: ResponseReader, end: number): BackendStep {
    this.#response = undefined;
    this.#status = response.status ?? this.#status;
    if (request.response === 'login') this.#asked = undefined;
    if (!response.failed) this.#succeeded(request, response);
    return { kind: 'complete', end };
  }

  #succeeded({ command, verb }: MysqlRequest, { statementId }: ResponseReader): void {
    this.#phase = 'commands';
    if (statementId !== undefined && verb !== undefined) this.#statements.prepared(statementId, verb);
    if (command === RESET_CONNECTION || command === CHANGE_USER) this.#statements.clear();
  }
}
