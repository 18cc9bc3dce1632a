import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Address, listen } from './listen.ts';
import { RequestCounts } from './request-counts.ts';
import { type Answer, failure, ROUTES } from './routes.ts';
import { StockClient } from './stock-client.ts';
import { StockUnavailable } from './stock-pool.ts';

export type Shop = AsyncDisposable & { readonly address: Address; readonly url: string };

export type ShopOptions = {
  /** 0, the default, takes any free port. */
  port?: number | undefined;
  host?: string | undefined;
  /** Where the stock listens. It may come and go while the shop runs. */
  stock: Address;
  /** How long a request waits for the stock before it is answered with 503; 1000 ms by default. */
  stockTimeoutMs?: number | undefined;
  /** Connections to the stock at once; 16 by default. */
  stockConnections?: number | undefined;
};

type Parts = { readonly counts: RequestCounts; readonly stock: StockClient };

/**
 * Starts the shop, an HTTP JSON service: `GET /items`, `GET /items/:id`, `POST /orders` with `{ item, quantity }`,
 * and beside them `/health`, `/stats` and `POST /stats/reset`, which are not counted. Throws `PortInUse`.
 */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const counts = new RequestCounts();
  const size = options.stockConnections ?? 16;
  const stock = new StockClient(options.stock, { size, timeoutMs: options.stockTimeoutMs ?? 1000 });
  // By default Node closes a connection that is idle for 5 s, and a client may see an error that nobody injected.
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const own = aboutItself(request, counts);
    if (own !== undefined) return send(response, own);
    answerTo(request, { counts, stock })
      .catch(explain)
      .then((answer) => {
        if (response.destroyed) return;
        counts.answered(answer.status);
        send(response, answer);
      })
      .catch((error: unknown) => response.destroy(error as Error));
  });
  const address = await listen(server, { host: options.host ?? '127.0.0.1', port: options.port ?? 0 });

  return {
    address,
    url: `http://${address.host}:${address.port}`,
    async [Symbol.asyncDispose](): Promise<void> {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
      stock[Symbol.dispose]();
    },
  };
}

/** The service's word about itself. It does not ask the stock, so it says that this process lives and no more. */
function aboutItself(request: IncomingMessage, counts: RequestCounts): Answer | undefined {
  const path = pathOf(request);
  if (path === '/health') return { status: 200, body: { status: 'ok' } };
  if (path === '/stats') return { status: 200, body: counts.stats() };
  if (path !== '/stats/reset') return undefined;
  if (request.method !== 'POST') return failure(405, 'POST resets the counts');
  counts.reset();
  return { status: 200, body: counts.stats() };
}

/** Counts first and asks later: a request counts from the moment that its head is parsed, whatever becomes of it. */
async function answerTo(request: IncomingMessage, { counts, stock }: Parts): Promise<Answer> {
  const path = pathOf(request);
  const route = ROUTES.find((each) => each.method === request.method && each.path.test(path));
  counts.requested(route?.name ?? 'other');
  if (route === undefined) return failure(404, `there is no ${request.method} ${path}`);
  const [, id = ''] = route.path.exec(path) ?? [];
  return await route.answer({ stock, id, text: () => text(request) });
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/\?.*$/, '');
}

function explain(error: unknown): Answer {
  return error instanceof StockUnavailable ? failure(503, error.message) : failure(500, String(error));
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
