/** As many prepared statements of a connection are remembered; of older ones only the command is shown. */
const MOST = 4096;
/** MariaDB: the statement that was prepared last, whose id the client need not know yet. */
export const LAST_STATEMENT = 0xffffffff;

/** The verbs of a connection's prepared statements, by their ids. */
export class Statements {
  readonly #verbs = new Map<number, string>();
  #last: string | undefined;

  /** A PREPARE was sent. */
  sent(verb: string | undefined): void {
    this.#last = verb;
  }

  /** The server has given it an id. */
  prepared(id: number, verb: string): void {
    this.#verbs.set(id, verb);
    if (this.#verbs.size <= MOST) return;
    for (const oldest of this.#verbs.keys()) {
      this.#verbs.delete(oldest);
      return;
    }
  }

  verbOf(id: number): string | undefined {
    return id === LAST_STATEMENT ? this.#last : this.#verbs.get(id);
  }

  close(id: number): void {
    this.#verbs.delete(id);
  }

  clear(): void {
    this.#verbs.clear();
    this.#last = undefined;
  }
}
