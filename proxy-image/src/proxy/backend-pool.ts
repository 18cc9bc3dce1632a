import type { BackendConnection } from './backend-connection.ts';
import type { Endpoint } from './endpoint.ts';

export type BackendPoolOptions = {
  /** Connections that are kept at most. */
  readonly size: number;
  /** ms from its opening on, after which a connection is not kept any longer. */
  readonly maxAgeMs: number;
  /** Where new connections go: those to elsewhere are not kept. */
  backend(): Endpoint;
  /** Epoch ms. */
  now(): number;
};

/**
 * Backend connections that their clients have left as good as new, for the next client. Whoever gives one must know
 * that nothing is under way on it; a backend that says anything on an idle one, or ends it, loses it.
 */
export class BackendPool {
  readonly #options: BackendPoolOptions;
  /** The one that was kept last stands last, and is taken first: the others grow old. */
  readonly #idle: BackendConnection[] = [];
  #closed = false;

  constructor(options: BackendPoolOptions) {
    this.#options = options;
  }

  /** How many are idle. */
  get size(): number {
    return this.#idle.length;
  }

  keep(connection: BackendConnection): void {
    const { size, maxAgeMs, backend, now } = this.#options;
    const { socket } = connection;
    const leftMs = maxAgeMs - (now() - connection.openedMs);
    const lose = (): void => this.#lose(connection);
    const data = (): boolean => {
      lose();
      return false;
    };
    connection.handTo({ data, ended: lose, failed: lose, closed: lose, drained() {} });
    if (this.#closed || leftMs <= 0 || connection.endpoint !== backend()) {
      socket.destroy();
      return;
    }
    this.#idle.push(connection);
    socket.setTimeout(leftMs, lose);
    // It may have been paused for its client; only who reads sees that it ends.
    socket.resume();
    if (this.#idle.length > size) this.#lose(this.#idle[0]);
  }

  /** Takes one out, whose bytes go to nobody until it is handed to somebody; undefined when there is none. */
  take(): BackendConnection | undefined {
    const connection = this.#idle.pop();
    connection?.handTo();
    connection?.socket.setTimeout(0).removeAllListeners('timeout');
    return connection;
  }

  /** Drops all that are idle: the backend is another now. */
  clear(): void {
    for (const { socket } of this.#idle.splice(0)) socket.destroy();
  }

  /** Drops all that are idle, and keeps none from now on. */
  close(): void {
    this.#closed = true;
    this.clear();
  }

  #lose(connection: BackendConnection | undefined): void {
    const at = connection ? this.#idle.indexOf(connection) : -1;
    if (at >= 0) this.#idle.splice(at, 1);
    connection?.socket.destroy();
  }
}
