import type { Request } from '../exchange/codec.ts';

/** A command with what follows it, or a message, with what both sides learn about it while it goes through. */
export class Unit implements Request {
  readonly operation: string;
  readonly judged: boolean;
  readonly answered = true;
  readonly instead: Request['instead'];
  /** A message that follows DATA. */
  readonly message: boolean;
  /** It ends its message: the last BDAT. */
  readonly last: boolean;
  /** All its bytes have come. */
  complete = false;
  /** The code of the server's reply, once it has come. */
  reply: number | undefined;

  constructor(unit: {
    readonly operation: string;
    readonly judged: boolean;
    readonly instead?: Request['instead'];
    readonly message?: boolean;
    readonly last?: boolean;
  }) {
    this.operation = unit.operation;
    this.judged = unit.judged;
    this.instead = unit.instead;
    this.message = unit.message ?? false;
    this.last = unit.last ?? false;
  }
}
