import type { Address } from '@loads/core';
import { type Backend, startHttpBackend } from '../../proxy/peers.test.support.ts';
import { TestClock } from '../clock.test.support.ts';
import type { ManagedProxy } from '../managed-proxy.ts';
import { type ProxyDefinition, readProxy } from '../read-proxy.ts';
import { Vaurien } from '../vaurien.ts';
import { openControl } from './open-control.ts';

export type Answer = {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
};

/** A vaurien with one http proxy `web`, behind its control API, on a clock that a test moves. */
export class TestApi implements AsyncDisposable {
  readonly vaurien: Vaurien;
  readonly proxy: ManagedProxy;
  readonly backend: Backend;
  readonly url: string;
  readonly clock: TestClock;
  readonly #stack: AsyncDisposableStack;

  private constructor(
    vaurien: Vaurien,
    proxy: ManagedProxy,
    backend: Backend,
    url: string,
    clock: TestClock,
    stack: AsyncDisposableStack,
  ) {
    this.vaurien = vaurien;
    this.proxy = proxy;
    this.backend = backend;
    this.url = url;
    this.clock = clock;
    this.#stack = stack;
  }

  static async start(entry: Readonly<Record<string, unknown>> = {}, token?: string): Promise<TestApi> {
    await using stack = new AsyncDisposableStack();
    const backend = stack.use(await startHttpBackend());
    const clock = new TestClock();
    const vaurien = stack.use(new Vaurien({ seed: 1, clock }));
    const proxy = await vaurien.open(definition('web', backend.address, entry));
    const server = stack.use(await openControl({ vaurien, version: '2.0', host: '127.0.0.1', token }));
    const url = `http://127.0.0.1:${server.address.port}`;
    return new TestApi(vaurien, proxy, backend, url, clock, stack.move());
  }

  /** Sends JSON, or a text as it is. */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers,
      ...(text === undefined ? {} : { body: text }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers };
  }

  /** Asks the backend through the proxy, on a connection of its own. */
  async ask(): Promise<number> {
    const { host, port } = this.proxy.address;
    const response = await fetch(`http://${host}:${port}/`, { headers: { Connection: 'close' } });
    await response.text();
    return response.status;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

/** A proxy as its entry in a configuration says. */
export function definition(
  name: string,
  backend: Address,
  entry: Readonly<Record<string, unknown>> = {},
): ProxyDefinition {
  const read = readProxy(
    name,
    { backend: `${backend.host}:${backend.port}`, protocol: 'http', ...entry },
    { behaviors: {}, protocols: {} },
  );
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read;
}
