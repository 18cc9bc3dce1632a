import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import {
  messageReader,
  type ReportedError,
  type ScenarioMessage,
  type ScenarioReport,
  type SidecarMessage,
} from '@loads/core';

/**
 * The sidecar's end of the link: a TCP port on the loopback that takes the one scenario process of the node. What that
 * process says is here as promises; when it is gone `closed` resolves, and nobody has to watch its pid.
 */
export class Link implements AsyncDisposable {
  readonly #server: Server;
  readonly #ready = Promise.withResolvers<unknown>();
  readonly #failed = Promise.withResolvers<ReportedError>();
  readonly #done = Promise.withResolvers<ScenarioReport>();
  readonly #closed = Promise.withResolvers<void>();
  #hello: SidecarMessage | undefined;
  #peer: Socket | undefined;
  #startedAtMs: number | undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#accept(socket));
  }

  /** Listens on a free port, and takes nobody before `greet`. */
  static async open(): Promise<Link> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Link(server);
  }

  /** Sets the first message for the process that connects, and lets it. */
  greet(hello: SidecarMessage): void {
    this.#hello = hello;
  }

  /** Where the scenario process connects to, `host:port`. */
  get address(): string {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? `${address.address}:${address.port}` : '';
  }

  /** Resolves with what the setup gave, when the scenario process can start. */
  get ready(): Promise<unknown> {
    return this.#ready.promise;
  }

  /** Resolves when the scenario process says why it cannot start. */
  get failed(): Promise<ReportedError> {
    return this.#failed.promise;
  }

  /** Resolves when all iterations have ended and all their samples are sent. */
  get done(): Promise<ScenarioReport> {
    return this.#done.promise;
  }

  /** Resolves when the scenario process has gone. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** When the first worker really began, epoch ms. */
  get startedAtMs(): number | undefined {
    return this.#startedAtMs;
  }

  send(message: SidecarMessage): void {
    if (this.#peer?.writable) this.#peer.write(`${JSON.stringify(message)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#peer?.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    // A node has one scenario process; a second one would be measured as part of the first.
    if (this.#peer || !this.#hello) {
      socket.destroy();
      return;
    }
    this.#peer = socket;
    socket.setNoDelay(true).setEncoding('utf8');
    // Whoever speaks no sense on the link is no scenario process of ours.
    const close = (): void => void socket.destroy();
    socket.on(
      'data',
      messageReader<ScenarioMessage>((message) => this.#take(message), close),
    );
    // A reset is followed by 'close', which says all there is to say.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#closed.resolve());
    this.send(this.#hello);
  }

  #take(message: ScenarioMessage): void {
    if (message.type === 'ready') this.#ready.resolve(message.setup);
    else if (message.type === 'failed') this.#failed.resolve(message.error);
    else if (message.type === 'started') this.#startedAtMs = message.atMs;
    else if (message.type === 'done') this.#done.resolve(message.report);
  }
}
