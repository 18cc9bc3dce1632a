import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { messageReader, type RunPlan, type ScenarioMessage, type SidecarMessage } from '@loads/core';
import type { NodeBrief } from './link-client.ts';

/** Stands in for the sidecar: takes the link of one scenario process on a free port of the loopback. */
export class FakeSidecar implements AsyncDisposable {
  readonly #server: Server;
  readonly #peer = Promise.withResolvers<Socket>();
  readonly messages: ScenarioMessage[] = [];
  #onMessage: () => void = () => undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      const take = (message: ScenarioMessage): void => {
        this.messages.push(message);
        this.#onMessage();
      };
      socket.setEncoding('utf8').on(
        'data',
        messageReader<ScenarioMessage>(take, () => socket.destroy()),
      );
      socket.on('error', () => undefined);
      this.#peer.resolve(socket);
    });
  }

  static async open(): Promise<FakeSidecar> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FakeSidecar(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async send(...messages: readonly SidecarMessage[]): Promise<void> {
    await this.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  }

  async write(text: string): Promise<void> {
    (await this.#peer.promise).write(text);
  }

  /** Waits until the scenario process has sent so many messages. */
  async has(messages: number): Promise<readonly ScenarioMessage[]> {
    while (this.messages.length < messages) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onMessage = resolve;
      await promise;
    }
    return this.messages;
  }

  /** Goes without a word, as a process does that was killed. */
  async vanish(): Promise<void> {
    (await this.#peer.promise).resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    if (this.#server.listening) await once(this.#server, 'close');
  }
}

/** A plan of one node that runs a script for ten seconds, with the parts that a test is about. */
export function planOf(change: Partial<RunPlan> = {}): RunPlan {
  return {
    version: 1,
    name: 'shop',
    scenario: { kind: 'script', file: 'shop.ts' },
    nodes: 1,
    workers: 1,
    durationMs: 10_000,
    gracefulStopMs: 1000,
    recoveryMs: 2000,
    seed: 7,
    env: {},
    proxies: [],
    schedule: [],
    thresholds: [],
    ...change,
  };
}

/** What the sidecar tells first. */
export function briefOf(plan: RunPlan, change: Partial<NodeBrief> = {}): NodeBrief {
  return { type: 'plan', run: 'r1', node: 1, process: 1, plan, statsd: '127.0.0.1:8125', proxies: {}, ...change };
}
