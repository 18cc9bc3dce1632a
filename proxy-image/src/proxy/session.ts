import type { Socket } from 'node:net';
import { formatAddress } from '@loads/core';
import type { CutMode } from '../behaviors/effect.ts';
import type { ConnectionHandler, Protocol } from '../protocols/protocol.ts';
import { type BackendTls, closeSoon, type Endpoint, openBackend, reset } from './endpoint.ts';
import type { Injection, InjectionContext } from './injection.ts';
import { Judge } from './judge.ts';
import type { LiveRules } from './live-rules.ts';
import type { Subject } from './selector.ts';
import type { ProxyLimits } from './start-proxy.ts';
import type { ProxyStats } from './stats.ts';
import { wait } from './wait.ts';

export type SessionContext = InjectionContext & {
  /** Where new connections to the backend go. */
  backend(): Endpoint;
  readonly backendTls: BackendTls | undefined;
  readonly limits: ProxyLimits;
  readonly rules: LiveRules;
  readonly stats: ProxyStats;
};

/** An open connection, as whoever watches the proxy sees it. */
export type ConnectionInfo = {
  /** Number of the connection, counted from 1. */
  readonly connection: number;
  /** `host:port` of the client. */
  readonly client: string;
  /** Epoch ms. */
  readonly sinceMs: number;
  readonly requests: number;
  /** Rules in force that have hit it. */
  readonly faults: readonly string[];
};

/** How long a client may take to close a connection that the proxy has ended in good order. */
const LINGER_MS = 30_000;

/**
 * One client's connection and the backend connection that belongs to it: moves bytes with backpressure, passes ends and
 * resets on to the other side, and draws faults. What the bytes mean is the business of the protocol's handler.
 */
export class Session {
  /** Number of the connection, counted from 1. */
  readonly connection: number;
  readonly stats: ProxyStats;
  readonly #context: SessionContext;
  readonly #client: Socket;
  readonly #onClosed: (session: Session) => void;
  readonly #waits = new Set<() => void>();
  readonly #judge: Judge;
  readonly #clientHost: string;
  readonly #clientPort: number;
  readonly #sinceMs: number;
  #requests = 0;
  #backend: Socket | undefined;
  #handler: ConnectionHandler | undefined;
  #detached = false;
  #clientClosed = false;
  #backendFull = false;
  #intakeHeld = false;
  #clientFull = false;
  #answersWait = false;
  #outputHeld = false;

  constructor(client: Socket, connection: number, context: SessionContext, onClosed: (session: Session) => void) {
    this.#client = client;
    this.connection = connection;
    this.#context = context;
    this.stats = context.stats;
    this.#onClosed = onClosed;
    // A socket forgets them when it is closed.
    this.#clientHost = client.remoteAddress ?? '';
    this.#clientPort = client.remotePort ?? 0;
    this.#sinceMs = context.now();
    this.#judge = new Judge(context, connection, this.#clientHost);
  }

  /** The connection as it is now. */
  get info(): ConnectionInfo {
    const client = formatAddress({ host: this.#clientHost, port: this.#clientPort });
    return {
      connection: this.connection,
      client,
      sinceMs: this.#sinceMs,
      requests: this.#requests,
      faults: this.#judge.faults,
    };
  }

  /** Hands the connection to a protocol. */
  start(protocol: Protocol): void {
    const { idleMs } = this.#context.limits;
    if (idleMs !== undefined) this.#client.setTimeout(idleMs, () => this.cut('fin'));
    this.#client
      .on('error', () => this.#clientFailed())
      .on('close', () => this.#clientHasClosed())
      .on('data', (chunk: Buffer) => this.#handler?.fromClient(chunk))
      .on('end', () => (this.#handler ? this.#handler.clientEnded() : this.#client.end()))
      .on('drain', () => {
        this.#clientFull = false;
        this.#answersWait = false;
        this.#steerOutput();
        this.#steerIntake();
      });
    const handler = protocol(this);
    if (!this.#detached) this.#handler = handler;
  }

  rulesChanged(): void {
    this.#handler?.rulesChanged?.();
  }

  /**
   * Draws the fault of a unit: a request by its number, or 0 for the connection. Undefined when the unit passes. Gives
   * `current` back when it is still the one: the same rule, in force without a break. What `about` tells is asked only
   * when a rule selects by it, or hits.
   */
  judge(request: number, about: Omit<Subject, 'client'>, current?: Injection | undefined): Injection | undefined {
    if (request > 0) this.#requests++;
    return this.#judge.judge(request, about, current);
  }

  /** Opens the connection to the backend, unless it is open. What is sent meanwhile waits for it. */
  connect(): Socket {
    if (this.#backend) return this.#backend;
    const { limits, backendTls } = this.#context;
    const backend = openBackend(this.#context.backend(), backendTls);
    // A time-out that nobody clears would strike a connection that is only idle.
    if (limits.connectMs !== undefined)
      backend.setTimeout(limits.connectMs, () => backend.destroy(new Error('timeout')));
    this.#backend = backend;
    let connected = false;
    backend
      .on(backendTls ? 'secureConnect' : 'connect', () => {
        connected = true;
        backend.setTimeout(0);
      })
      .on('error', () => {
        if (this.#backend !== backend) return;
        if (!connected) this.stats.backendFailures++;
        this.cut('rst');
      })
      .on('close', () => this.#settle())
      .on('data', (chunk: Buffer) => this.#backend === backend && this.#handler?.fromBackend(chunk))
      .on('end', () => this.#backend === backend && this.#handler?.backendEnded())
      .on('drain', () => {
        this.#backendFull = false;
        this.#steerIntake();
      });
    return backend;
  }

  /** Epoch ms. */
  now(): number {
    return this.#context.now();
  }

  /** Whether a backend connection exists or is being made. */
  get connected(): boolean {
    return this.#backend !== undefined;
  }

  toBackend(chunk: Buffer): void {
    this.stats.bytesToBackend += chunk.length;
    if (this.connect().write(chunk)) return;
    this.#backendFull = true;
    this.#client.pause();
  }

  toClient(chunk: Buffer): void {
    this.stats.bytesToClient += chunk.length;
    if (this.#client.write(chunk)) return;
    this.#clientFull = true;
    this.#backend?.pause();
  }

  /** Gives an answer of the proxy's own: a client that does not take what it is given is not read on. */
  answer(chunk: Buffer): void {
    this.toClient(chunk);
    this.#answersWait = this.#clientFull;
    this.#steerIntake();
  }

  /** Passes the client's end on. Where no backend was needed, the connection is over. */
  endBackend(): void {
    if (this.#backend) this.#backend.end();
    else this.#client.end();
  }

  endClient(): void {
    this.#client.end();
  }

  /** Stops reading from the client while the handler has enough to keep. */
  holdIntake(held: boolean): void {
    if (held === this.#intakeHeld) return;
    this.#intakeHeld = held;
    this.#steerIntake();
  }

  /** Stops reading from the backend while the handler has enough to keep. */
  holdBackend(held: boolean): void {
    if (held === this.#outputHeld) return;
    this.#outputHeld = held;
    this.#steerOutput();
  }

  /** Calls `done` after `ms` or when `ended` fires, unless the connection is over before. Gives the way to call it off. */
  wait(ms: number | undefined, ended: AbortSignal | undefined, done: () => void): () => void {
    const cancelTimer = wait(ms, ended, () => {
      this.#waits.delete(cancel);
      done();
    });
    const cancel = (): void => {
      this.#waits.delete(cancel);
      cancelTimer();
    };
    this.#waits.add(cancel);
    return cancel;
  }

  /** Ends the connection at once. */
  cut(mode: CutMode): void {
    if (mode === 'fin') {
      this.finish();
    } else {
      this.#detach();
      reset(this.#client);
    }
  }

  /** Ends the connection in good order: what was written arrives, on both sides; what still comes is discarded. */
  finish(): void {
    this.#detach((backend) => closeSoon(backend, LINGER_MS));
    this.#client.end();
    this.wait(LINGER_MS, undefined, () => reset(this.#client));
  }

  /** Never answers: discards what comes until the client leaves, `maxMs` has passed or the rule ends; then resets. */
  silence(injection: Injection, maxMs: number | undefined): void {
    this.#detach();
    this.#client.setTimeout(0);
    this.wait(maxMs, injection.active.ended, () => reset(this.#client));
  }

  /** Drops both connections at once: the proxy closes. */
  close(): void {
    this.#detach();
    this.#client.destroy();
  }

  /** Takes the connection from the handler, and lets the backend go: nothing of it will be delivered. */
  #detach(letGo: (backend: Socket) => void = (backend) => backend.destroy()): void {
    this.#detached = true;
    this.#handler = undefined;
    for (const cancel of this.#waits) cancel();
    const backend = this.#backend;
    this.#backend = undefined;
    if (backend) letGo(backend);
    this.#client.resume();
  }

  #steerIntake(): void {
    if (this.#detached) return;
    if (this.#backendFull || this.#intakeHeld || this.#answersWait) this.#client.pause();
    else this.#client.resume();
  }

  #steerOutput(): void {
    if (this.#clientFull || this.#outputHeld) this.#backend?.pause();
    else this.#backend?.resume();
  }

  #clientFailed(): void {
    if (this.#backend) reset(this.#backend);
    this.#detach();
  }

  #clientHasClosed(): void {
    this.#clientClosed = true;
    this.#settle();
  }

  /** The session is over when both sides are: the backend may still be taking what a client left behind. */
  #settle(): void {
    if (!this.#clientClosed || (this.#backend && !this.#backend.closed)) return;
    this.#detach();
    this.#onClosed(this);
  }
}
