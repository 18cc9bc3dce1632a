import { Connection } from './connection.ts';
import type { Exchange } from './exchange.ts';
import type { Endpoint } from './open-socket.ts';

/** As many as browsers open to one origin. */
const MAX_CONNECTIONS = 6;

/**
 * The connections of one client to one origin. Requests one after the other share one connection, parallel ones get up to
 * six, the rest wait in order. (undici's own Pool opens a second connection for a request that follows at once.)
 */
export class ConnectionPool {
  /** The value of the Host header. */
  readonly host: string;
  readonly #origin: string;
  readonly #endpoint: Endpoint;
  readonly #connections = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting: Exchange[] = [];
  readonly #closing = new Set<Promise<void>>();

  constructor(origin: string, endpoint: Endpoint) {
    this.host = new URL(origin).host;
    this.#origin = origin;
    this.#endpoint = endpoint;
  }

  /** Carries an exchange now, or as soon as a connection is free. */
  submit(exchange: Exchange): void {
    const connection = this.#idle.pop() ?? this.#open();
    if (connection === undefined) this.#waiting.push(exchange);
    else exchange.start(connection);
  }

  /** Takes back a connection whose exchange has ended. */
  release(connection: Connection): void {
    const next = this.#nextWaiting();
    if (next === undefined) this.#idle.push(connection);
    // Not at once: undici may be in the middle of ending the last exchange.
    else queueMicrotask(() => this.#hand(connection, next));
  }

  /** Destroys a connection that was given up before it carried its exchange. */
  discard(connection: Connection): void {
    this.#destroy(connection);
    const next = this.#nextWaiting();
    if (next !== undefined) this.submit(next);
  }

  /** Destroys all connections. */
  async close(): Promise<void> {
    for (const connection of Array.from(this.#connections)) this.#destroy(connection);
    this.#idle.length = 0;
    await Promise.all(this.#closing);
  }

  #destroy(connection: Connection): void {
    this.#connections.delete(connection);
    const closed = connection.destroy().finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }

  #open(): Connection | undefined {
    if (this.#connections.size >= MAX_CONNECTIONS) return undefined;
    const connection = new Connection(this.#origin, this.#endpoint);
    this.#connections.add(connection);
    return connection;
  }

  #hand(connection: Connection, exchange: Exchange): void {
    if (exchange.settled) this.release(connection);
    else exchange.start(connection);
  }

  #nextWaiting(): Exchange | undefined {
    let next = this.#waiting.shift();
    while (next?.settled) next = this.#waiting.shift();
    return next;
  }
}
