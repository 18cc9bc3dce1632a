import type { Socket } from 'node:net';
import { formatAddress } from '@loads/core';
import type { CutMode } from '../behaviors/effect.ts';
import type { ConnectionHandler, Protocol } from '../protocols/protocol.ts';
import type { Session } from '../protocols/session.ts';
import { BackendConnection } from './backend-connection.ts';
import type { ConnectionInfo } from './connection-info.ts';
import { closeSoon, reset } from './endpoint.ts';
import type { Injection } from './injection.ts';
import { Judge } from './judge.ts';
import type { About } from './selector.ts';
import type { SessionContext } from './session-context.ts';
import type { ProxyStats } from './stats.ts';
import { wait } from './wait.ts';

/** How long a client may take to close a connection that the proxy has ended in good order. */
const LINGER_MS = 30_000;

/** What a protocol works with: the sockets of one client and of its backend. */
export class ProxySession implements Session {
  readonly connection: number;
  readonly stats: ProxyStats;
  readonly #context: SessionContext;
  readonly #client: Socket;
  readonly #onClosed: (session: ProxySession) => void;
  readonly #waits = new Set<() => void>();
  readonly #judge: Judge;
  readonly #clientHost: string;
  readonly #clientPort: number;
  readonly #sinceMs: number;
  readonly #pieceBytes: number;
  /** What is written to a TLS socket may be taken up later. */
  readonly #encrypted: boolean;
  #requests = 0;
  #backend: BackendConnection | undefined;
  #handler: ConnectionHandler | undefined;
  #detached = false;
  #clientClosed = false;
  #backendFull = false;
  #intakeHeld = false;
  #clientFull = false;
  #answersWait = false;
  #outputHeld = false;

  constructor(client: Socket, connection: number, context: SessionContext, onClosed: (session: ProxySession) => void) {
    this.#client = client;
    this.connection = connection;
    this.#context = context;
    this.stats = context.stats;
    this.#onClosed = onClosed;
    // A socket forgets them when it is closed.
    this.#clientHost = client.remoteAddress ?? '';
    this.#clientPort = client.remotePort ?? 0;
    this.#sinceMs = context.now();
    this.#encrypted = 'encrypted' in client;
    this.#pieceBytes = context.pieceBytes ?? Number.POSITIVE_INFINITY;
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
    if (idleMs !== undefined) this.#watchIdleness(idleMs);
    this.#client
      .on('error', () => this.#clientFailed())
      .on('close', () => this.#clientHasClosed())
      .on('data', (chunk: Buffer) => {
        if (chunk.length <= this.#pieceBytes) this.#handler?.fromClient(chunk);
        else for (const piece of pieces(chunk, this.#pieceBytes)) this.#handler?.fromClient(piece);
      })
      .on('end', () => (this.#handler ? this.#handler.clientEnded() : this.#client.end()))
      .on('drain', () => {
        if (!this.#clientFull) return;
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

  judge(request: number, about: About, current?: Injection | undefined): Injection | undefined {
    if (request > 0) this.#requests++;
    return this.#judge.judge(request, about, current);
  }

  connect(): void {
    if (this.#backend) return;
    const { limits, backendTls: tls, pool, stats } = this.#context;
    const listener = {
      data: (chunk: Buffer, lent: boolean) => this.#fromBackend(chunk, lent),
      ended: () => this.#handler?.backendEnded(),
      failed: () => {
        if (!this.#backend?.connected) stats.backendFailures++;
        this.cut('rst');
      },
      closed: () => this.#settle(),
      drained: () => {
        if (!this.#backendFull) return;
        this.#backendFull = false;
        this.#steerIntake();
      },
    };
    const opening = { endpoint: this.#context.backend(), tls, connectMs: limits.connectMs, nowMs: this.now() };
    this.#backend = pool?.take() ?? new BackendConnection(opening, listener);
    this.#backend.handTo(listener);
  }

  now(): number {
    return this.#context.now();
  }

  get connected(): boolean {
    return this.#backend !== undefined;
  }

  get backendName(): string {
    const endpoint = this.#backend?.endpoint ?? this.#context.backend();
    return 'path' in endpoint ? 'localhost' : formatAddress(endpoint);
  }

  toBackend(chunk: Buffer): void {
    this.stats.bytesToBackend += chunk.length;
    if (!this.#backend) this.connect();
    if (!this.#backend || took(this.#backend.socket, chunk)) return;
    this.#backendFull = true;
    this.#client.pause();
  }

  toClient(chunk: Buffer): void {
    this.stats.bytesToClient += chunk.length;
    if (took(this.#client, chunk)) return;
    this.#clientFull = true;
    this.#backend?.socket.pause();
  }

  answer(chunk: Buffer): void {
    this.toClient(chunk);
    this.#answersWait = this.#clientFull;
    this.#steerIntake();
  }

  endBackend(): void {
    this.#giveBack();
    if (this.#backend) this.#backend.socket.end();
    else this.#client.end();
  }

  endClient(): void {
    this.#client.end();
  }

  holdIntake(held: boolean): void {
    if (held === this.#intakeHeld) return;
    this.#intakeHeld = held;
    this.#steerIntake();
  }

  holdBackend(held: boolean): void {
    if (held === this.#outputHeld) return;
    this.#outputHeld = held;
    this.#steerOutput();
  }

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

  cut(mode: CutMode): void {
    if (mode === 'fin') {
      this.finish();
    } else {
      this.#detach();
      reset(this.#client);
    }
  }

  finish(): void {
    this.#detach((backend) => closeSoon(backend, LINGER_MS));
    this.#client.end();
    this.wait(LINGER_MS, undefined, () => reset(this.#client));
  }

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
    this.#giveBack();
    this.#detached = true;
    this.#handler = undefined;
    for (const cancel of this.#waits) cancel();
    const backend = this.#backend;
    this.#backend = undefined;
    backend?.handTo();
    if (backend) letGo(backend.socket);
    this.#client.resume();
  }

  /** Leaves the backend's connection to the next client, if it is as good as new. */
  #giveBack(): void {
    const { pool } = this.#context;
    const backend = this.#backend;
    // What the client has not taken yet may stand in the memory that the connection reads into.
    if (!pool || !backend?.clean || this.#client.writableLength > 0 || this.#handler?.reusable !== true) return;
    this.#backend = undefined;
    pool.keep(backend);
  }

  /** A client that waits for an answer is not idle. */
  #watchIdleness(ms: number): void {
    this.#client.setTimeout(ms, () => {
      if (this.#handler?.busy) this.#watchIdleness(ms);
      else this.cut('fin');
    });
  }

  /** Whether the client's socket refers to the chunk when this returns, and the backend does not wait for it. */
  #fromBackend(chunk: Buffer, lent: boolean): boolean {
    const handler = this.#handler;
    if (!handler) return false;
    const borrows = lent && handler.keepsNothing === true && !this.#encrypted;
    const bytes = lent && !borrows ? Buffer.from(chunk) : chunk;
    if (bytes.length <= this.#pieceBytes) handler.fromBackend(bytes);
    else for (const piece of pieces(bytes, this.#pieceBytes)) this.#handler?.fromBackend(piece);
    const waits = this.#clientFull && this.#backend?.socket.isPaused() === true;
    return borrows && !waits && this.#client.writableLength > 0;
  }

  #steerIntake(): void {
    if (this.#detached) return;
    if (this.#backendFull || this.#intakeHeld || this.#answersWait) this.#client.pause();
    else this.#client.resume();
  }

  #steerOutput(): void {
    if (this.#clientFull || this.#outputHeld) this.#backend?.socket.pause();
    else this.#backend?.socket.resume();
  }

  #clientFailed(): void {
    this.#detach(reset);
  }

  #clientHasClosed(): void {
    this.#clientClosed = true;
    this.#settle();
  }

  /** The session is over when both sides are: the backend may still be taking what a client left behind. */
  #settle(): void {
    if (!this.#clientClosed || (this.#backend && !this.#backend.socket.closed)) return;
    this.#detach();
    this.#onClosed(this);
  }
}

/** Writes; false when a part of it waits in this process. `write` alone says so of every large chunk. */
function took(socket: Socket, chunk: Buffer): boolean {
  return socket.write(chunk) || socket.writableLength === 0;
}

function* pieces(chunk: Buffer, bytes: number): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += bytes) yield chunk.subarray(at, at + bytes);
}
