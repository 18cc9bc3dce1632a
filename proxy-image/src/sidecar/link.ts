import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import {
  type ErrorGroup,
  messageReader,
  type ProcessEnd,
  type ReportedError,
  type ScenarioMessage,
  type ScenarioReport,
  type SharedVariable,
  type SidecarMessage,
} from '@loads/core';
import { mergeReports } from './merge-reports.ts';

/** Who comes beside the processes of the node may say in this time what blocks one of them, ms. */
const WATCHER_MS = 500;
const MOST_BLOCKS = 5;

/** A scenario process of the node: what it said so far. */
type Peer = {
  readonly number: number;
  readonly socket: Socket;
  ready: boolean;
  report: ScenarioReport | undefined;
};

/**
 * The sidecar's end of the link: a TCP port on the loopback that takes the scenario processes of the node. What they say
 * together is here as promises; when one is gone too early, or all at the end, `closed` resolves: nobody has to watch a pid.
 */
export class Link implements AsyncDisposable {
  readonly #server: Server;
  readonly #setup = Promise.withResolvers<unknown>();
  readonly #ready = Promise.withResolvers<unknown>();
  readonly #failed = Promise.withResolvers<ReportedError>();
  readonly #done = Promise.withResolvers<ScenarioReport>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  readonly #failures: ReportedError[] = [];
  readonly #lostProcess = Promise.withResolvers<ProcessEnd>();
  readonly #peers: Peer[] = [];
  readonly #blocked: ErrorGroup[] = [];
  readonly #others = new Set<Socket>();
  /** Who came before there was a greeting: in containers nobody waits for the sidecar to be ready. */
  readonly #early: Socket[] = [];
  #hellos: readonly SidecarMessage[] = [];
  #setupValue: unknown;
  #data: SidecarMessage | undefined;
  /** The newest value of each variable, for processes that are still to come. */
  readonly #variables = new Map<string, SharedVariable>();
  #stop: SidecarMessage | undefined;
  #startedAtMs: number | undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#accept(socket));
  }

  /** Listens on a port of the loopback (0: a free one), and lets whoever comes before `greet` wait for it. */
  static async open(port = 0): Promise<Link> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new Link(server);
  }

  /** Sets the first message for each process that connects, in that order, and lets so many. */
  greet(...hellos: readonly SidecarMessage[]): void {
    this.#hellos = hellos;
    for (const socket of this.#early.splice(0)) if (!socket.destroyed) this.#accept(socket.removeAllListeners('data'));
  }

  /** Where a scenario process connects to, `host:port`. */
  get address(): string {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? `${address.address}:${address.port}` : '';
  }

  /** Resolves with what the setup gave, when fixtures of processes wait for it. */
  get setup(): Promise<unknown> {
    return this.#setup.promise;
  }

  /** Resolves with what the setup gave, when all scenario processes can start. */
  get ready(): Promise<unknown> {
    return this.#ready.promise;
  }

  /** Resolves when a scenario process says why it cannot start. */
  get failed(): Promise<ReportedError> {
    return this.#failed.promise;
  }

  /** Resolves when all iterations of all processes have ended and all their samples are sent. */
  get done(): Promise<ScenarioReport> {
    return this.#done.promise;
  }

  /** Resolves when a scenario process has gone without a last word, or all have. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Why processes could not start, or did not, in the order in which they said it. */
  get failures(): readonly ReportedError[] {
    return this.#failures;
  }

  /** Resolves when a process tells how one ended that it had started, too early. */
  get lostProcess(): Promise<ProcessEnd> {
    return this.#lostProcess.promise;
  }

  /** How many processes have come so far. */
  get joined(): number {
    return this.#peers.length;
  }

  /** Resolves when all processes that have come are gone. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /** When the last process really began, epoch ms. */
  get startedAtMs(): number | undefined {
    return this.#startedAtMs;
  }

  /** What kept an event loop from turning, as the watcher of that process said. */
  get blocked(): readonly ErrorGroup[] {
    return this.#blocked;
  }

  /** To every process; what the setup gave, and a stop, also to those that are still to come. */
  send(message: SidecarMessage): void {
    if (message.type === 'data') this.#data = message;
    if (message.type === 'stop') this.#stop = message;
    for (const { socket } of this.#peers) write(socket, message);
  }

  /** To one process, by its number from 1. */
  sendTo(process: number, message: SidecarMessage): void {
    const peer = this.#peers[process - 1];
    if (peer) write(peer.socket, message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.#peers) socket.destroy();
    for (const socket of [...this.#others, ...this.#early]) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    const hello = this.#hellos[this.#peers.length];
    // A reset is followed by 'close', which says all there is to say.
    socket.on('error', () => undefined);
    socket.setNoDelay(true).setEncoding('utf8');
    // Whoever speaks no sense on the link is no scenario process of ours.
    const close = (): void => void socket.destroy();
    // It is read, so that its end is seen; nobody speaks before he is greeted.
    if (this.#hellos.length === 0) this.#early.push(socket.once('data', close));
    else if (hello) this.#greet(socket, hello, close);
    // More than were asked for would be measured as part of them; only what blocks one may be said.
    else this.#listen(socket, close);
  }

  #greet(socket: Socket, hello: SidecarMessage, close: () => void): void {
    const peer: Peer = { number: this.#peers.length + 1, socket, ready: false, report: undefined };
    this.#peers.push(peer);
    socket.on(
      'data',
      messageReader<ScenarioMessage>((message) => this.#take(message, peer), close),
    );
    socket.on('close', () => {
      const all = this.#peers.every((one) => one.socket.destroyed);
      if (!peer.report || all) this.#closed.resolve();
      if (all) this.#gone.resolve();
    });
    write(socket, hello);
    if (this.#data) write(socket, this.#data);
    for (const variable of this.#variables.values()) write(socket, variable);
    if (this.#stop) write(socket, this.#stop);
  }

  #listen(socket: Socket, close: () => void): void {
    this.#others.add(socket);
    const timer = setTimeout(close, WATCHER_MS);
    socket.on('close', () => {
      clearTimeout(timer);
      this.#others.delete(socket);
    });
    const take = (message: ScenarioMessage): void => {
      if (message.type === 'blocked' && this.#blocked.length < MOST_BLOCKS) this.#blocked.push(message.error);
      close();
    };
    socket.on('data', messageReader<ScenarioMessage>(take, close));
  }

  #take(message: ScenarioMessage, peer: Peer): void {
    switch (message.type) {
      case 'setup':
        this.#setup.resolve(message.setup);
        break;
      case 'ready':
        peer.ready = true;
        // Only the first process of node 1 has something to give.
        this.#setupValue ??= message.setup;
        if (this.#peers.length === this.#hellos.length && this.#peers.every(({ ready }) => ready))
          this.#ready.resolve(this.#setupValue);
        break;
      case 'failed':
        this.#failures.push(message.error);
        this.#failed.resolve(message.error);
        break;
      case 'started':
        this.#startedAtMs = Math.max(this.#startedAtMs ?? 0, message.atMs);
        break;
      case 'failing':
        this.send({ type: 'stop', graceful: true });
        break;
      case 'lost':
        this.#lostProcess.resolve(message.end);
        break;
      case 'variable':
        this.#variables.set(message.name, message);
        for (const { socket, number } of this.#peers) if (number !== peer.number) write(socket, message);
        break;
      case 'done':
        peer.report = message.report;
        this.#finish();
        break;
    }
  }

  #finish(): void {
    const reports = this.#peers.flatMap(({ report }) => (report ? [report] : []));
    if (reports.length === this.#hellos.length) this.#done.resolve(mergeReports(reports));
  }
}

function write(socket: Socket, message: SidecarMessage): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}
