import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Request } from '../../proxy-image/src/protocols/exchange/codec.ts';
import { CodecDriver } from '../../proxy-image/src/protocols/mysql/codec-driver.test.support.ts';
import { mysqlCodec } from '../../proxy-image/src/protocols/mysql.ts';
import { until } from '../support/until.ts';

export type Address = { readonly host: string; readonly port: number };

export type TappedConnection = {
  readonly driver: CodecDriver;
  /** Bytes that the server has sent. */
  received: number;
  /** What the codec threw. */
  problem: unknown;
};

/** A plain proxy that shows both directions of its connections to the codec. */
export class Tap implements AsyncDisposable {
  readonly connections: TappedConnection[] = [];
  readonly #server = createServer((client) => this.#accept(client));
  readonly #sockets = new Set<Socket>();
  readonly #target: Address;

  private constructor(target: Address) {
    this.#target = target;
  }

  static async open(target: Address): Promise<Tap> {
    const tap = new Tap(target);
    tap.#server.listen(0, '127.0.0.1');
    await once(tap.#server, 'listening');
    return tap;
  }

  get address(): Address {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not open');
    return { host: '127.0.0.1', port: address.port };
  }

  get requests(): Request[] {
    return this.connections.flatMap(({ driver }) => driver.requests);
  }

  get operations(): string[] {
    return this.requests.map(({ operation }) => operation);
  }

  /** Every connection has been closed. */
  async ended(): Promise<void> {
    await until(() => this.#sockets.size === 0, 'still connected');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    const server = connect(this.#target);
    const connection: TappedConnection = {
      driver: new CodecDriver(mysqlCodec.codec({})({ backendName: 'backend:1' })),
      received: 0,
      problem: undefined,
    };
    this.connections.push(connection);
    this.#join(client, server, (chunk) => show(connection, () => connection.driver.feed('client', chunk)));
    this.#join(server, client, (chunk) => {
      connection.received += chunk.length;
      show(connection, () => connection.driver.feed('server', chunk));
    });
  }

  #join(from: Socket, to: Socket, look: (chunk: Buffer) => void): void {
    this.#sockets.add(from);
    from.setNoDelay();
    from.on('data', (chunk: Buffer) => {
      look(chunk);
      to.write(chunk);
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => this.#sockets.delete(from));
  }
}

function show(connection: TappedConnection, feed: () => void): void {
  try {
    feed();
  } catch (error) {
    connection.problem ??= error;
  }
}
