import type { Request } from '../exchange/codec.ts';
import { type ErrorAnswer, rollsBack } from './native-error.ts';
import { errPacket, okPacket, queryPacket } from './packets.ts';
import { IN_TRANSACTION, SESSION_STATUS } from './server-status.ts';
import type { TransactionStep } from './sql-verb.ts';

type Instead = NonNullable<Request['instead']>;

export type Statement = {
  /** What it does to the transaction, when that is all it does. */
  readonly transaction: TransactionStep | undefined;
  /** The server's latest status. */
  readonly status: number;
  /** Whether queries begin with attributes. */
  readonly attributes: boolean;
};

/**
 * A deadlock (1213) tells the client that its transaction is gone; when it was injected, the server still has it open,
 * and a client that begins anew with `START TRANSACTION` would commit its half. So the server has to roll back too,
 * before the next statement has an effect.
 */
export class OwedRollback {
  #answer: ErrorAnswer | undefined;

  /** The client gets this error. */
  told(answer: ErrorAnswer): void {
    if (rollsBack(answer.error)) this.#answer = answer;
  }

  /**
   * What happens instead of a statement. `BEGIN` and `COMMIT` do to the server's transaction what they would find after
   * a rollback; another statement cannot be run after one in a single request, so the client is told of the deadlock
   * again. Undefined: the statement goes its way.
   */
  instead({ transaction, status, attributes }: Statement): Instead | undefined {
    const answer = this.#answer;
    if (!answer) return undefined;
    // It stays owed until the server has no transaction open: a fault may hit the ROLLBACK too.
    const open = (status & IN_TRANSACTION) !== 0;
    if (open && transaction === 'rollback') return undefined;
    this.#answer = undefined;
    if (!open) return undefined;
    const session = status & SESSION_STATUS;
    const sql = transaction === 'begin' ? 'ROLLBACK AND CHAIN' : 'ROLLBACK';
    return {
      toBackend: queryPacket(sql, { attributes }),
      toClient:
        transaction === undefined
          ? errPacket(1, answer.error, answer.text)
          : okPacket(1, transaction === 'begin' ? session : session & ~IN_TRANSACTION),
    };
  }
}
