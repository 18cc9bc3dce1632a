import { createServer } from 'node:http';
import { type Address, listen } from '../shop/listen.ts';

export type Service = AsyncDisposable & { readonly address: Address; readonly url: string };

const CENTS: Readonly<Record<string, number>> = { anvil: 18_900, rocket: 99_900, magnet: 24_500, rope: 2_100 };

/** Starts the prices, which the cart asks: `GET /prices/:item` answers `{ item, cents }`. Port 0 takes a free one. */
export async function startPrices(port = 0): Promise<Service> {
  return await serve(port, async (path) => {
    const [, item = ''] = /^\/prices\/(\w+)$/.exec(path) ?? [];
    const cents = CENTS[item];
    return cents === undefined
      ? { status: 404, body: { error: `no '${item}'` } }
      : { status: 200, body: { item, cents } };
  });
}

export type Answer = { readonly status: number; readonly body: unknown };

/** Starts an HTTP service on the loopback that answers JSON. Throws `PortInUse`. */
export async function serve(port: number, answer: (path: string) => Promise<Answer>): Promise<Service> {
  // By default Node closes a connection that is idle for 5 s, and a client may see an error that nobody injected.
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    answer(request.url ?? '/')
      .catch((error: unknown): Answer => ({ status: 500, body: { error: String(error) } }))
      .then(({ status, body }) => {
        if (response.destroyed) return;
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      })
      .catch((error: unknown) => response.destroy(error as Error));
  });
  const address = await listen(server, { host: '127.0.0.1', port });
  return {
    address,
    url: `http://${address.host}:${address.port}`,
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}
