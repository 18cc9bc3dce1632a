import type { CutMode } from '../behaviors/effect.ts';
import type { Injection } from '../proxy/injection.ts';
import type { About } from '../proxy/selector.ts';
import type { ProxyStats } from '../proxy/stats.ts';

/**
 * One client's connection and the backend connection that belongs to it, as a protocol sees them: it moves bytes with
 * backpressure, passes ends and resets on to the other side, and draws faults. What the bytes mean is the protocol's business.
 */
export type Session = {
  /** Number of the connection, counted from 1. */
  readonly connection: number;
  readonly stats: ProxyStats;
  /** Whether a backend connection exists or is being made. */
  readonly connected: boolean;
  /** `host:port` of the backend, as a client would name it. */
  readonly backendName: string;
  /** Epoch ms. */
  now(): number;
  /**
   * Draws the fault of a unit: a request by its number, or 0 for the connection. Undefined when the unit passes. Gives
   * `current` back when it is still the one: the same rule, in force without a break. What `about` tells is asked only
   * when a rule selects by it, or hits.
   */
  judge(request: number, about: About, current?: Injection | undefined): Injection | undefined;
  /** Opens a connection to the backend, or takes one that another client has left, unless there is one. */
  connect(): void;
  toBackend(chunk: Buffer): void;
  toClient(chunk: Buffer): void;
  /** Gives an answer of the proxy's own: a client that does not take what it is given is not read on. */
  answer(chunk: Buffer): void;
  /** Passes the client's end on. Where no backend is needed, or not any more, the connection is over. */
  endBackend(): void;
  endClient(): void;
  /** Stops reading from the client while the handler has enough to keep. */
  holdIntake(held: boolean): void;
  /** Stops reading from the backend while the handler has enough to keep. */
  holdBackend(held: boolean): void;
  /** Calls `done` after `ms` or when `ended` fires, unless the connection is over before. Gives the way to call it off. */
  wait(ms: number | undefined, ended: AbortSignal | undefined, done: () => void): () => void;
  /** Ends the connection at once. */
  cut(mode: CutMode): void;
  /** Ends the connection in good order: what was written arrives, on both sides; what still comes is discarded. */
  finish(): void;
  /** Never answers: discards what comes until the client leaves, `maxMs` has passed or the rule ends; then resets. */
  silence(injection: Injection, maxMs: number | undefined): void;
};
