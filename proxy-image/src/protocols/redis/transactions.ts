import { DISCARDED } from './native-error.ts';

/** What a client has between MULTI and EXEC. */
export type Transaction = {
  /** A command of it was told to have failed, so it must not be executed. */
  dirty: boolean;
  /** The server has refused its MULTI: there is no transaction. */
  refused: boolean;
};

/** What a command has to do with a transaction. */
export type Place = {
  readonly transaction: Transaction | undefined;
  /** What is to happen in its place. */
  readonly instead: { readonly toBackend: Buffer; readonly toClient: Buffer } | undefined;
};

/** What ends a transaction on the server without executing it. */
export const DISCARD: Buffer = Buffer.from('*1\r\n$7\r\nDISCARD\r\n');
const NOWHERE: Place = { transaction: undefined, instead: undefined };

/**
 * Follows MULTI, EXEC and DISCARD in the order in which the client sends them. After an error the server would refuse
 * EXEC; it has not seen an injected one, so it has to be told to discard.
 */
export class Transactions {
  #open: Transaction | undefined;

  /** Takes the next command in. */
  place(operation: string): Place {
    const transaction = this.#open?.refused ? undefined : this.#open;
    switch (operation) {
      case 'MULTI':
        // The server refuses a second one, and stays in the first.
        if (transaction) return NOWHERE;
        this.#open = { dirty: false, refused: false };
        return { transaction: this.#open, instead: undefined };
      case 'EXEC':
        this.#open = undefined;
        return { transaction, instead: transaction?.dirty ? { toBackend: DISCARD, toClient: DISCARDED } : undefined };
      case 'DISCARD':
      case 'RESET':
        this.#open = undefined;
        return NOWHERE;
      default:
        return { transaction, instead: undefined };
    }
  }
}
