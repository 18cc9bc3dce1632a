import { FROM_CLIENT } from './message-types.ts';
import { readStatement, type Statement } from './statement.ts';
import { StatementNames } from './statement-names.ts';

const STATEMENT = 'S'.charCodeAt(0);

/** Reads what the messages of the extended query protocol are about, and remembers names from one to another. */
export class ExtendedMessages {
  readonly #prepared = new StatementNames();
  readonly #portals = new StatementNames();

  /** The statement that a message prepares, binds, describes or executes. `prefix` is the beginning of its payload. */
  read(type: number, prefix: Buffer): Statement | undefined {
    switch (type) {
      case FROM_CLIENT.parse:
        return this.#parse(prefix);
      case FROM_CLIENT.bind:
        return this.#bind(prefix);
      case FROM_CLIENT.describe:
        return this.#describe(prefix);
      case FROM_CLIENT.execute:
        return recall(this.#portals, textAt(prefix, 0), 'EXECUTE');
      default:
        return undefined;
    }
  }

  #parse(prefix: Buffer): Statement {
    const name = textAt(prefix, 0);
    if (name === undefined) return { verb: 'QUERY' };
    const statement = readStatement(sqlAt(prefix, name.length + 1));
    this.#prepared.remember(name, statement);
    return statement;
  }

  #bind(prefix: Buffer): Statement {
    const portal = textAt(prefix, 0);
    const name = portal === undefined ? undefined : textAt(prefix, portal.length + 1);
    const statement = recall(this.#prepared, name, 'EXECUTE');
    if (portal !== undefined) this.#portals.remember(portal, statement);
    return statement;
  }

  #describe(prefix: Buffer): Statement {
    const names = prefix[0] === STATEMENT ? this.#prepared : this.#portals;
    return recall(names, textAt(prefix, 1), 'DESCRIBE');
  }
}

/** The SQL text, or its beginning, that starts at the index. */
export function sqlAt(prefix: Buffer, at: number): string {
  const end = prefix.indexOf(0, at);
  return prefix.toString('latin1', at, end < 0 ? prefix.length : end);
}

/** The NUL-terminated text at the index; undefined when its end is not there. */
function textAt(prefix: Buffer, at: number): string | undefined {
  const end = prefix.indexOf(0, at);
  return end < 0 ? undefined : prefix.toString('latin1', at, end);
}

function recall(names: StatementNames, name: string | undefined, verb: string): Statement {
  return (name === undefined ? undefined : names.recall(name)) ?? { verb };
}
