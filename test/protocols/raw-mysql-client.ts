import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { packet } from '../../proxy-image/src/protocols/mysql/packets.ts';
import { until } from '../support/until.ts';
import type { Tap, TappedConnection } from './mysql-tap.ts';

const LONG_FLAG = 0x4;
const LOCAL_FILES = 0x80;
const PROTOCOL_41 = 0x200;
const TRANSACTIONS = 0x2000;
const SECURE_CONNECTION = 0x8000;
const MULTI_STATEMENTS = 0x10000;
const MULTI_RESULTS = 0x20000;
const PS_MULTI_RESULTS = 0x40000;
const PLUGIN_AUTH = 0x80000;
const SESSION_TRACK = 0x800000;
const BASE =
  LONG_FLAG |
  LOCAL_FILES |
  PROTOCOL_41 |
  TRANSACTIONS |
  SECURE_CONNECTION |
  MULTI_STATEMENTS |
  MULTI_RESULTS |
  PS_MULTI_RESULTS |
  PLUGIN_AUTH |
  SESSION_TRACK;

/** Sends commands as they are, with capabilities that libraries do not have; leaves the reading of answers to the codec. */
export class RawMysqlClient implements Disposable {
  readonly #socket: Socket;
  readonly #connection: TappedConnection;
  /** Since the last send. */
  #answer: Buffer[] = [];
  #received: number;

  private constructor(socket: Socket, connection: TappedConnection, received: number) {
    this.#socket = socket;
    this.#received = received;
    this.#connection = connection;
    socket.on('data', (chunk: Buffer) => {
      this.#answer.push(chunk);
      this.#received += chunk.length;
    });
  }

  /** Logs in a user without a password. */
  static async connect(tap: Tap, user: string, flags: { mysql?: number; mariadb?: number }): Promise<RawMysqlClient> {
    const before = tap.connections.length;
    const socket = connect(tap.address);
    const [greeting]: Buffer[] = await once(socket, 'data');
    const connection = tap.connections[before];
    if (!connection) throw new Error('no connection');
    const client = new RawMysqlClient(socket, connection, greeting?.length ?? 0);
    const head = Buffer.alloc(32);
    head.writeInt32LE(BASE | (flags.mysql ?? 0), 0);
    head.writeUInt32LE(0x4000_0000, 4);
    head.writeUInt8(45, 8);
    head.writeUInt32LE(flags.mariadb ?? 0, 28);
    await client.send(packet(1, Buffer.concat([head, Buffer.from(`${user}\0\0mysql_native_password\0`)])));
    return client;
  }

  /** Sends packets, and waits until the codec says that every request has its whole answer. Gives the answers' bytes. */
  async send(...packets: readonly Buffer[]): Promise<Buffer> {
    const { driver } = this.#connection;
    const requests = driver.requests.length;
    this.#answer = [];
    for (const bytes of packets) this.#socket.write(bytes);
    const done = (): boolean =>
      driver.opaque ||
      this.#connection.problem !== undefined ||
      (driver.requests.length >= requests + packets.length && driver.pending.length === 0);
    await until(done, `no answer to ${packets[0]?.toString('latin1')}`);
    // The codec has seen them before they arrive here.
    await until(() => this.#received >= this.#connection.received, 'the answer does not arrive');
    return Buffer.concat(this.#answer);
  }

  async received(): Promise<void> {
    await once(this.#socket, 'data');
  }

  /** Sends without waiting: a file that the server has asked for. */
  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
