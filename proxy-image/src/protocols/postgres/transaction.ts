import type { TransactionStatus } from './messages.ts';
import type { Statement } from './statement.ts';
import type { Unit } from './unit.ts';

/**
 * The transaction of a connection as either side sees it. The backend's state is what its last ReadyForQuery told, and
 * beyond that what the requests under way are expected to make of it. The client's differs after an injected error.
 */
export class Transaction {
  #status: TransactionStatus = 'I';
  /** What requests without an answer will lead to, oldest first. */
  readonly #expected: { readonly unit: number; readonly status: TransactionStatus }[] = [];
  #lastExit = 0;
  /** The request whose injected error the client's transaction failed of. */
  #failedBy: number | undefined;

  /** The client knows its transaction to have failed, while the backend's is intact. */
  get failed(): boolean {
    return this.#failedBy !== undefined;
  }

  /** The request will carry this statement out. */
  expect(unit: Unit, { step, chain }: Statement): void {
    if (step === undefined || unit.failed) return;
    const ends = step === 'commit' || step === 'rollback';
    if (this.#expected.at(-1)?.unit === unit.number) this.#expected.pop();
    this.#expected.push({ unit: unit.number, status: ends && !chain ? 'I' : 'T' });
    if (step === 'begin') return;
    this.#lastExit = unit.number;
    this.#failedBy = undefined;
  }

  /** The backend has answered the request, and all before it. */
  settle(unit: Unit, status: TransactionStatus): void {
    this.#status = status;
    while (this.#expected[0] && this.#expected[0].unit <= unit.number) this.#expected.shift();
  }

  /**
   * An error is injected into the answer of the request. Gives what a real server would tell after it: a transaction
   * that was open has failed. Is asked when the error is decided, and again when it is given: by then every request
   * before has been answered, and maybe this one, whose effect counts then.
   */
  fail(unit: Unit): TransactionStatus {
    const before = this.#before(unit);
    // Requests that went on ahead may have ended the transaction already.
    if (before === 'T' && this.#lastExit <= unit.number) this.#failedBy ??= unit.number;
    else if (before === 'I' && this.#failedBy === unit.number) this.#failedBy = undefined;
    return before === 'I' ? 'I' : 'E';
  }

  /** The state in which the backend finds itself when it comes to the request, which now leads to nothing. */
  #before(unit: Unit): TransactionStatus {
    const own = this.#expected.findIndex((expected) => expected.unit === unit.number);
    if (own >= 0) this.#expected.splice(own, 1);
    return this.#expected.findLast((expected) => expected.unit < unit.number)?.status ?? this.#status;
  }
}
