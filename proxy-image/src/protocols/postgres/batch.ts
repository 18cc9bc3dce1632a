import { FROM_CLIENT } from './message-types.ts';
import type { Statement } from './statement.ts';

/** The first messages of an extended query, until they tell what it is. */
export class Batch {
  /** Messages that are answered one by one. */
  messages = 0;
  /** What it prepares or binds. */
  readonly statements: Statement[] = [];
  bytes = 0;
  ended: 'sync' | 'flush' | undefined;
  #operation: string | undefined;
  #decided = false;
  #asks = false;

  /** It is known what it is. */
  get decided(): boolean {
    return this.#decided;
  }

  /** The verb of its first statement; of the next one, where that is BEGIN. */
  get operation(): string {
    return this.#operation ?? (this.ended === 'flush' ? 'FLUSH' : 'SYNC');
  }

  /** It is no more than a Sync or a Flush. */
  get empty(): boolean {
    return this.messages === 0;
  }

  /** It does more than to tidy up. */
  get asks(): boolean {
    return this.#asks;
  }

  /** Takes in a message of `bytes` bytes. */
  add(type: number, bytes: number, statement: Statement | undefined): void {
    this.bytes += bytes;
    if (type === FROM_CLIENT.sync || type === FROM_CLIENT.flush) {
      this.ended = type === FROM_CLIENT.sync ? 'sync' : 'flush';
      this.#decided = true;
      return;
    }
    this.messages++;
    if (type !== FROM_CLIENT.close) this.#asks = true;
    if (statement && (type === FROM_CLIENT.parse || type === FROM_CLIENT.bind)) this.statements.push(statement);
    if (this.#decided) return;
    // Drivers close old statements, and begin transactions, in one batch with the statement that matters.
    this.#operation = statement?.verb ?? this.#operation ?? 'CLOSE';
    this.#decided = statement !== undefined && statement.step !== 'begin';
  }
}
