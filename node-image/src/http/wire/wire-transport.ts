import type { Endpoint } from '../open-socket.ts';
import type { Carried, Transport } from '../transport.ts';
import { headCacheFor } from './head-cache.ts';
import { RequestEncoder } from './request-encoder.ts';
import type { ResponseLimits } from './response-limits.ts';
import { type ConnectionOwner, WireConnection, type WireSettings } from './wire-connection.ts';

/** As many as browsers open to one origin. */
const MAX_CONNECTIONS = 6;

/**
 * HTTP/1.1 on connections of our own: a request takes an idle connection or opens one, parallel ones get up to six, and
 * the rest wait in order.
 */
export class WireTransport implements Transport, ConnectionOwner {
  readonly #settings: WireSettings;
  /** Most have one: an array that is made anew when that changes has no room to spare. */
  #connections: readonly WireConnection[] = [];
  /** The one that was free last; each knows the one that is free since before it. */
  #idle: WireConnection | undefined;
  #waiting: Carried[] | undefined;

  /** `host` is the value of the Host header. */
  constructor(host: string, endpoint: Endpoint, limits: ResponseLimits) {
    const heads = headCacheFor(limits.maxHeaders);
    this.#settings = { endpoint, limits, heads, encoder: new RequestEncoder(host), session: undefined };
  }

  submit(exchange: Carried): void {
    const connection = this.#takeIdle() ?? this.#open();
    if (connection !== undefined) connection.carry(exchange);
    else {
      this.#waiting ??= [];
      this.#waiting.push(exchange);
    }
  }

  onFree(connection: WireConnection): void {
    const next = this.#nextWaiting();
    if (next !== undefined) connection.carry(next);
    else {
      connection.nextIdle = this.#idle;
      this.#idle = connection;
    }
  }

  onGone(connection: WireConnection): void {
    this.#forget(connection);
    const next = this.#nextWaiting();
    if (next !== undefined) this.submit(next);
  }

  async close(): Promise<void> {
    const connections = this.#connections;
    this.#connections = [];
    this.#idle = undefined;
    await Promise.all(connections.map((connection) => connection.destroy()));
  }

  #takeIdle(): WireConnection | undefined {
    let connection = this.#popIdle();
    while (connection?.stale) {
      connection.abandon();
      connection = this.#popIdle();
    }
    return connection;
  }

  #popIdle(): WireConnection | undefined {
    const connection = this.#idle;
    this.#idle = connection?.nextIdle;
    return connection;
  }

  #open(): WireConnection | undefined {
    if (this.#connections.length >= MAX_CONNECTIONS) return undefined;
    const connection = new WireConnection(this.#settings, this);
    this.#connections = this.#connections.concat(connection);
    return connection;
  }

  #forget(connection: WireConnection): void {
    this.#connections = this.#connections.filter((one) => one !== connection);
    if (this.#idle === connection) this.#idle = connection.nextIdle;
    for (const one of this.#connections) if (one.nextIdle === connection) one.nextIdle = connection.nextIdle;
  }

  #nextWaiting(): Carried | undefined {
    let next = this.#waiting?.shift();
    while (next?.settled) next = this.#waiting?.shift();
    return next;
  }
}
