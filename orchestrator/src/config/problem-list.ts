import { EXIT, LoadsError } from '@loads/core';

/**
 * What is wrong with what the user asked for, gathered so that all of it is told at once: errors with exit code 104. Any
 * other error is thrown on.
 */
export class ProblemList {
  readonly #errors: LoadsError[] = [];

  /** What `look` gives; undefined when it throws a problem, which is kept. */
  of<T>(look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      this.#keep(error);
      return undefined;
    }
  }

  /** The same of what takes its time. */
  async ofAsync<T>(look: () => Promise<T>): Promise<T | undefined> {
    try {
      return await look();
    } catch (error) {
      this.#keep(error);
      return undefined;
    }
  }

  /** Throws what was gathered: a single problem as it is, several as one error with a line for each, and its hint. */
  throwAny(): void {
    const [first, ...more] = this.#errors;
    if (!first) return;
    if (more.length === 0) throw first;
    const lines = this.#errors.flatMap(({ code, message, hint }) => {
      const told = code === 'ERR_CONFIG' ? message.split('\n') : [message];
      return hint === undefined || hint === USAGE_HINT ? told : told.map((line) => `${line}: ${hint}`);
    });
    throw new LoadsError('ERR_CONFIG', [...new Set(lines)].join('\n'));
  }

  #keep(error: unknown): void {
    if (!(error instanceof LoadsError) || error.exitCode !== EXIT.badConfiguration) throw error;
    this.#errors.push(error);
  }
}

/** What is said where there is nothing better to say. */
const USAGE_HINT = new LoadsError('ERR_USAGE', '').hint;
