import type { Request } from '../exchange/codec.ts';
import type { TransactionStatus } from './messages.ts';

export type UnitKind =
  /** SSLRequest or GSSENCRequest: one byte answers it. */
  | 'encryption'
  /** StartupMessage, and the authentication that follows. */
  | 'startup'
  /** Query or FunctionCall: ReadyForQuery ends the answer. */
  | 'simple'
  /** Messages of the extended query protocol, up to Sync or Flush. */
  | 'extended'
  /** The rest of a batch after an injected error, up to Sync: a real server would discard it. */
  | 'discarded'
  /** Terminate or CancelRequest. */
  | 'one-way';

export type Instead = NonNullable<Request['instead']>;

/** A request, with what both sides learn about it while it goes through. */
export class Unit implements Request {
  readonly operation: string;
  readonly answered: boolean;
  readonly judged: boolean;
  readonly instead: Instead | undefined;
  readonly kind: UnitKind;
  /** Its place among the requests of the connection. */
  readonly number: number;
  /** What the last message of an extended query was, once it has come. */
  ended: 'sync' | 'flush' | undefined;
  /** Messages of an extended query that are answered one by one. */
  messages: number;
  /** How many of them the backend has answered. */
  answers = 0;
  /** How many ReadyForQuery are to come until its answer is complete. */
  readies = 1;
  /** An injected error answers it. */
  failed = false;
  /** The status after that error, once it is written. */
  told: TransactionStatus | undefined;
  /** The error was written with a ReadyForQuery. */
  toldReady = false;

  constructor(unit: {
    readonly kind: UnitKind;
    readonly number: number;
    readonly operation: string;
    readonly judged: boolean;
    readonly answered?: boolean;
    readonly messages?: number;
    readonly readies?: number;
    readonly instead?: Instead | undefined;
  }) {
    this.kind = unit.kind;
    this.number = unit.number;
    this.operation = unit.operation;
    this.judged = unit.judged;
    this.answered = unit.answered ?? unit.kind !== 'one-way';
    this.messages = unit.messages ?? 0;
    this.readies = unit.readies ?? 1;
    this.instead = unit.instead;
  }
}
