import { connect, type Socket } from 'node:net';
import { lineSplitter } from './line-splitter.ts';
import type { Address } from './listen.ts';

/** One TCP connection to the stock. It carries one command at a time. */
export class StockConnection implements Disposable {
  readonly #socket: Socket;
  #pending: PromiseWithResolvers<string> | undefined;

  /** Begins to connect; a failure to do so is reported by `ask`. `onClose` is called once, when the connection is gone. */
  constructor(address: Address, onClose: (connection: StockConnection) => void) {
    this.#socket = connect({ ...address, noDelay: true });
    this.#socket.setEncoding('utf8');
    this.#socket.on(
      'data',
      lineSplitter((line) => this.#take(line)),
    );
    this.#socket.on('error', (error) => this.#pending?.reject(error));
    this.#socket.on('close', () => {
      this.#pending?.reject(new Error('the connection was closed'));
      onClose(this);
    });
  }

  get open(): boolean {
    return this.#socket.readyState === 'open';
  }

  /** Sends one command and gives its answer. An abort ends the connection, for a late answer would be taken for the next. */
  async ask(command: string, signal: AbortSignal): Promise<string> {
    const pending = Promise.withResolvers<string>();
    const onAbort = (): void => {
      pending.reject(signal.reason);
      this.#socket.destroy();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#pending = pending;
    this.#socket.write(`${command}\n`);
    try {
      return await pending.promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#pending = undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #take(line: string): void {
    // A line that nobody waits for, or that is no answer, means that both ends no longer agree where they are.
    if (this.#pending === undefined || !/^(OK|ERR)\b/.test(line)) {
      this.#socket.destroy(new Error('the stock does not speak its protocol'));
      return;
    }
    this.#pending.resolve(line);
    this.#pending = undefined;
  }
}
