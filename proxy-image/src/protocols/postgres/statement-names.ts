import type { Statement } from './statement.ts';

/** Of a connection. Beyond it the oldest name is forgotten. */
const MOST_NAMES = 1000;

/** What the names of prepared statements, or of portals, stand for. */
export class StatementNames {
  readonly #statements = new Map<string, Statement>();

  remember(name: string, statement: Statement): void {
    this.#statements.delete(name);
    this.#statements.set(name, statement);
    if (this.#statements.size <= MOST_NAMES) return;
    const [oldest] = this.#statements.keys();
    if (oldest !== undefined) this.#statements.delete(oldest);
  }

  recall(name: string): Statement | undefined {
    return this.#statements.get(name);
  }
}
