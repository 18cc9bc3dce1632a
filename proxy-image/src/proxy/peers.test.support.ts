import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Address, WeightedBehavior } from '@loads/core';
import { behaviors } from '../behaviors/registry.ts';
import type { FaultEvent } from './fault-event.ts';
import type { Rule } from './rule.ts';
import { type ProxyOptions, type RunningProxy, startProxy } from './start-proxy.ts';

/** A socket of a test, at either end of the proxy, with what it received and how it ended. */
export class Peer {
  readonly socket: Socket;
  /** `fin`: the other side ended in good order; `rst`: it was reset. */
  readonly outcome: Promise<'fin' | 'rst'>;
  readonly #chunks: Buffer[] = [];
  #wake: (() => void)[] = [];
  #over = false;

  constructor(socket: Socket) {
    this.socket = socket;
    const { promise, resolve } = Promise.withResolvers<'fin' | 'rst'>();
    this.outcome = promise;
    socket
      .on('data', (chunk: Buffer) => {
        this.#chunks.push(chunk);
        this.#wakeAll();
      })
      .on('end', () => this.#finish(() => resolve('fin')))
      .on('error', () => this.#finish(() => resolve('rst')))
      .on('close', () => this.#finish(() => resolve('rst')));
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get text(): string {
    return this.bytes.toString('latin1');
  }

  send(data: string | Buffer): this {
    this.socket.write(data);
    return this;
  }

  /** Waits until what was received satisfies the test; throws when the connection is over before. */
  async until(test: (text: string) => boolean): Promise<string> {
    while (!test(this.text)) {
      if (this.#over) throw new Error(`ended after ${JSON.stringify(this.text.slice(0, 500))}`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
    return this.text;
  }

  untilHas(part: string): Promise<string> {
    return this.until((text) => text.includes(part));
  }

  #finish(settle: () => void): void {
    this.#over = true;
    settle();
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** Connects a client that keeps its half open when the other side ends. It may be reset before it knows that it is connected. */
export async function dial({ host, port }: Address): Promise<Peer> {
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
  const peer = new Peer(socket);
  const connected = new Promise<void>((resolve) => socket.once('connect', resolve));
  await Promise.race([connected, peer.outcome]);
  return peer;
}

export type Backend = AsyncDisposable & {
  readonly address: Address;
  /** All connections that were accepted, in order. */
  readonly peers: readonly Peer[];
  /** Waits for the connection with this number, from 1. */
  accepted(number: number): Promise<Peer>;
};

/** Starts a raw server on a free port. */
export async function startBackend(onPeer: (peer: Peer) => void, listen: Partial<Address> = {}): Promise<Backend> {
  const peers: Peer[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const peer = new Peer(socket);
    peers.push(peer);
    onPeer(peer);
    server.emit('accepted');
  });
  server.listen({ host: listen.host ?? '127.0.0.1', port: listen.port ?? 0 });
  await once(server, 'listening');
  const { address: host, port } = server.address() as AddressInfo;
  return {
    address: { host, port },
    peers,
    async accepted(number) {
      for (;;) {
        const peer = peers[number - 1];
        if (peer) return peer;
        await once(server, 'accepted');
      }
    },
    async [Symbol.asyncDispose]() {
      for (const { socket } of peers) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A backend that answers each request without a body with `ok <n>`, and keeps the connection. */
export function startHttpBackend(): Promise<Backend> {
  return startBackend((peer) => {
    let answered = 0;
    peer.socket.on('data', () => {
      const requests = peer.text.split('\r\n\r\n').length - 1;
      while (answered < requests) peer.send(httpAnswer(`ok ${++answered}`));
    });
    peer.socket.on('end', () => peer.socket.end());
  });
}

/** A backend that sends back what it gets, and ends when its client does. */
export function startEcho(listen?: Partial<Address>): Promise<Backend> {
  return startBackend((peer) => peer.socket.pipe(peer.socket), listen);
}

export function httpAnswer(body: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

export function get(path: string, ...fields: string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: test', ...fields, '', ''].join('\r\n');
}

/** A port on which nothing listens. */
export async function deadAddress(): Promise<Address> {
  await using backend = await startBackend(() => {});
  return backend.address;
}

export type TestProxy = AsyncDisposable & {
  readonly proxy: RunningProxy;
  /** The faults so far. */
  readonly faults: readonly FaultEvent[];
};

/** Starts a proxy named `web` with seed 1 in front of the address. */
export async function startTestProxy(
  protocol: string,
  backend: Address,
  rules: readonly Rule[] = [],
  more: Partial<ProxyOptions> = {},
): Promise<TestProxy> {
  const faults: FaultEvent[] = [];
  const onFault = (event: FaultEvent): number => faults.push(event);
  const options = { name: 'web', backend, protocol, rules, seed: 1, onFault, now: Date.now };
  const proxy = await startProxy({ ...options, ...more });
  return { proxy, faults, [Symbol.asyncDispose]: () => proxy.close() };
}

/** A rule with one behavior and its default options. */
export function rule(name: string, behavior: string, options: Record<string, unknown> = {}, percent = 100): Rule {
  const parsed = behaviors.get(behavior)?.options.parse(options) ?? {};
  const weighted: WeightedBehavior = { percent, behavior, options: parsed };
  return { name, behaviors: [weighted] };
}

/** What the count comes to when it does not move any more. */
export async function standstill(count: () => number): Promise<number> {
  for (let [before, idle] = [0, 0]; idle < 2000; idle++) {
    await setImmediate();
    if (count() === 0 || count() !== before) [before, idle] = [count(), 0];
  }
  return count();
}
