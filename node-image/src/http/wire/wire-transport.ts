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
  readonly #connections = new Set<WireConnection>();
  readonly #idle: WireConnection[] = [];
  readonly #waiting: Carried[] = [];

  /** `host` is the value of the Host header. */
  constructor(host: string, endpoint: Endpoint, limits: ResponseLimits) {
    const heads = headCacheFor(limits.maxHeaders);
    this.#settings = { endpoint, limits, heads, encoder: new RequestEncoder(host), session: undefined };
  }

  submit(exchange: Carried): void {
    const connection = this.#takeIdle() ?? this.#open();
    if (connection === undefined) this.#waiting.push(exchange);
    else connection.carry(exchange);
  }

  onFree(connection: WireConnection): void {
    const next = this.#nextWaiting();
    if (next === undefined) this.#idle.push(connection);
    else connection.carry(next);
  }

  onGone(connection: WireConnection): void {
    this.#forget(connection);
    const next = this.#nextWaiting();
    if (next !== undefined) this.submit(next);
  }

  async close(): Promise<void> {
    const connections = Array.from(this.#connections);
    this.#connections.clear();
    this.#idle.length = 0;
    await Promise.all(connections.map((connection) => connection.destroy()));
  }

  #takeIdle(): WireConnection | undefined {
    let connection = this.#idle.pop();
    while (connection?.stale) {
      connection.abandon();
      connection = this.#idle.pop();
    }
    return connection;
  }

  #open(): WireConnection | undefined {
    if (this.#connections.size >= MAX_CONNECTIONS) return undefined;
    const connection = new WireConnection(this.#settings, this);
    this.#connections.add(connection);
    return connection;
  }

  #forget(connection: WireConnection): void {
    this.#connections.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  #nextWaiting(): Carried | undefined {
    let next = this.#waiting.shift();
    while (next?.settled) next = this.#waiting.shift();
    return next;
  }
}
