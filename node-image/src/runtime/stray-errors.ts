/**
 * Holds what code of the scenario throws where nobody catches it: a promise that nobody awaits, a timer, a socket
 * without a listener for errors. None of them ends the process, which carries the whole load of its node; nor does
 * `process.exit`, which throws instead, until this is disposed of.
 */
export class StrayErrors implements Disposable {
  readonly #exit = process.exit;
  /** Gets each of them. */
  found: (error: unknown) => void = console.error;

  constructor() {
    process.exit = (code) => {
      throw new Error(`process.exit(${code ?? ''}) would end the whole node: throw an error to fail the iteration`);
    };
    process.on('unhandledRejection', this.#take).on('uncaughtException', this.#take);
  }

  readonly #take = (error: unknown): void => this.found(error);

  [Symbol.dispose](): void {
    process.exit = this.#exit;
    process.off('unhandledRejection', this.#take).off('uncaughtException', this.#take);
  }
}
