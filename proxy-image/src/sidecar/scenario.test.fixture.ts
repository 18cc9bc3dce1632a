import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { messageReader, parseAddress, type ScenarioMessage, type SidecarMessage } from '@loads/core';

type MessageOf<Type extends SidecarMessage['type']> = Extract<SidecarMessage, { type: Type }>;

/** Stands in for the scenario process: speaks the link over TCP, and sends statsd. */
export class FakeScenario implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #messages: SidecarMessage[] = [];
  readonly #closed: Promise<unknown>;
  #onMessage: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket.setEncoding('utf8');
    this.#closed = once(socket, 'close');
    socket.on('error', () => undefined);
    const take = (message: SidecarMessage): void => {
      this.#messages.push(message);
      this.#onMessage();
    };
    socket.on(
      'data',
      messageReader<SidecarMessage>(take, () => socket.destroy()),
    );
  }

  static async connect(address: string): Promise<FakeScenario> {
    const parsed = parseAddress(address);
    if (!parsed) throw new Error(`no address: '${address}'`);
    const socket = connect(parsed);
    await once(socket, 'connect');
    return new FakeScenario(socket);
  }

  /** Resolves when the sidecar has closed the link. */
  get closed(): Promise<unknown> {
    return this.#closed;
  }

  /** Waits for the next message of a type that `good` accepts, and takes it. */
  async next<Type extends SidecarMessage['type']>(
    type: Type,
    good: (message: MessageOf<Type>) => boolean = () => true,
  ): Promise<MessageOf<Type>> {
    const wanted = (message: SidecarMessage): message is MessageOf<Type> =>
      message.type === type && good(message as MessageOf<Type>);
    for (;;) {
      const index = this.#messages.findIndex(wanted);
      const [message] = index === -1 ? [] : this.#messages.splice(index, 1);
      if (message && wanted(message)) return message;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onMessage = resolve;
      await promise;
    }
  }

  send(...messages: readonly ScenarioMessage[]): void {
    for (const message of messages) this.write(`${JSON.stringify(message)}\n`);
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  /** Goes without a word, as a process does that was killed. */
  vanish(): void {
    this.#socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.vanish();
    await this.#closed;
  }
}

/** Sends lines of statsd in one datagram; resolves when it has left. */
export async function sendStatsd(address: string, ...lines: readonly string[]): Promise<void> {
  const { host, port } = parseAddress(address) ?? {};
  const socket = createSocket('udp4');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.send(lines.join('\n'), port, host, (error) => (error ? reject(error) : resolve()));
  await promise;
  socket.close();
}
