import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { EngineTrace } from '../../proxy-image/src/protocols/engine-trace.test.support.ts';
import type { CodecFactory, Request } from '../../proxy-image/src/protocols/exchange/codec.ts';
import { until } from '../support/until.ts';

export type Address = { readonly host: string; readonly port: number };
export type Fault = ConstructorParameters<typeof EngineTrace>[1];

/** A plain proxy that shows its connections to a codec, and does what a fault wants. */
export class CodecTap implements AsyncDisposable {
  /** What was found on each connection. */
  readonly traces: EngineTrace[] = [];
  /** What the codec threw. */
  readonly problems: unknown[] = [];
  /** May be changed while connections are open. */
  fault: Fault;
  readonly #newCodec: CodecFactory;
  readonly #target: Address;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(newCodec: CodecFactory, target: Address) {
    this.#newCodec = newCodec;
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  static async open(newCodec: CodecFactory, target: Address): Promise<CodecTap> {
    const tap = new CodecTap(newCodec, target);
    tap.#server.listen(0, '127.0.0.1');
    await once(tap.#server, 'listening');
    return tap;
  }

  get address(): Address {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not open');
    return { host: '127.0.0.1', port: address.port };
  }

  get requests(): readonly Request[] {
    return this.traces.flatMap(({ requests }) => requests);
  }

  /** The operations of the requests that a fault may hit. */
  get operations(): readonly string[] {
    return this.requests.filter(({ judged }) => judged).map(({ operation }) => operation);
  }

  get opaque(): number {
    return this.traces.filter(({ events }) => events.some((event) => event.endsWith(' opaque'))).length;
  }

  /** Requests that wait for their answer. */
  get waiting(): number {
    return this.traces.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Waits until every connection has been closed. */
  async ended(): Promise<void> {
    await until(() => this.#sockets.size === 0, 'still connected');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    const trace = new EngineTrace(this.#newCodec({ backendName: 'backend:1' }), (request) => this.fault?.(request));
    this.traces.push(trace);
    const server = connect(this.#target);
    const pass = (): void => {
      const [toServer, toClient] = [trace.take('backend'), trace.take('client')];
      if (toServer.length > 0) server.write(toServer);
      if (toClient.length > 0) client.write(toClient);
      if (trace.closed) for (const socket of [client, server]) socket.end();
    };
    this.#join(client, server, (chunk) => trace.client(chunk), pass);
    this.#join(server, client, (chunk) => trace.backend(chunk), pass);
  }

  #join(from: Socket, to: Socket, look: (chunk: Buffer) => void, pass: () => void): void {
    this.#sockets.add(from);
    from.setNoDelay();
    from.on('data', (chunk: Buffer) => {
      try {
        look(chunk);
      } catch (error) {
        this.problems.push(error);
      }
      pass();
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => this.#sockets.delete(from));
  }
}
