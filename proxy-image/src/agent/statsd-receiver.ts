import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseDatagram, rememberTags, type StatsdSample } from '@loads/core';

const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;
/** A turn of the event loop reads 32 datagrams: these are more than the buffer holds. What sends on is cut off. */
const MOST_TURNS = 1000;

export type StatsdReceiverOptions = {
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** When a datagram arrived, for all of its samples; default: epoch ms. */
  readonly now?: (() => number) | undefined;
  readonly sample: (sample: StatsdSample, atMs: number) => void;
  readonly malformed: () => void;
  /** Told after each datagram how many lines it had, good or not. */
  readonly lines: (count: number) => void;
};

/** A UDP socket that takes statsd. */
export class StatsdReceiver implements AsyncDisposable {
  readonly #socket: Socket;
  #datagrams = 0;
  #closed: Promise<number> | undefined;
  readonly host: string;
  readonly port: number;

  private constructor(socket: Socket, { address, port }: AddressInfo) {
    this.#socket = socket;
    this.host = address;
    this.port = port;
    socket.on('message', () => {
      this.#datagrams += 1;
    });
  }

  /** Listens on the loopback, or where it is told to. */
  static async open(options: StatsdReceiverOptions): Promise<StatsdReceiver> {
    const { host = '127.0.0.1', port = 0, now = Date.now, sample, malformed, lines } = options;
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
    let atMs = 0;
    const sink = { sample: (one: StatsdSample) => sample(one, atMs), malformed, ignored: () => undefined };
    const tagsOf = rememberTags();
    socket.on('message', (datagram) => {
      atMs = now();
      const text = datagram.toString('utf8');
      parseDatagram(text, sink, tagsOf);
      lines(countLines(text));
    });
    socket.bind(port, host);
    await once(socket, 'listening');
    // The kernel caps this at net.core.rmem_max; the pacing of the runtime keeps within what even the default holds.
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    return new StatsdReceiver(socket, socket.address());
  }

  /** Datagrams that the kernel had to drop because the buffer was full; 0 where the system does not tell. */
  kernelDrops(): Promise<number> {
    return this.#closed ?? this.#readDrops();
  }

  /** Reads what the kernel still holds: resolves after a whole turn of the event loop that brought nothing more. */
  async readOut(): Promise<void> {
    await nextTurn();
    for (let [turn, before] = [0, -1]; turn < MOST_TURNS && before !== this.#datagrams; turn++) {
      before = this.#datagrams;
      await nextTurn();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  /** Gives the last count of drops, which nobody can read of a closed socket. */
  async #close(): Promise<number> {
    const drops = await this.#readDrops();
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
    return drops;
  }

  async #readDrops(): Promise<number> {
    const table = await readFile(this.host.includes(':') ? '/proc/net/udp6' : '/proc/net/udp', 'utf8').catch(() => '');
    const port = `:${this.port.toString(16).toUpperCase().padStart(4, '0')}`;
    const row = table.split('\n').find((line) => line.trim().split(/\s+/)[1]?.endsWith(port));
    return Number(row?.trim().split(/\s+/).at(-1) ?? 0);
  }
}

function countLines(text: string): number {
  let lines = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
