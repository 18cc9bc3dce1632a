import type { Address } from '@loads/core';
import { errors, Client as HttpClient, interceptors } from 'undici';
import { startShop } from '../../../examples/shop/service.ts';
import { startStock } from '../../../examples/shop/stock.ts';
import type { Client, Driver } from '../driver.ts';

const STOCKED = 1_000_000;

/** undici with the shop. */
export const httpDriver: Driver = {
  protocol: 'http',
  missing: () => undefined,
  requests: true,
  operations: { ask: 'GET /items', write: 'POST /orders', commit: 'POST /orders' },
  code: 429,
  told(error) {
    if (!(error instanceof errors.ResponseError)) return undefined;
    return { code: error.statusCode, text: String(error.body) };
  },
  async open() {
    await using stack = new AsyncDisposableStack();
    const stock = stack.use(await startStock({ levels: { rope: STOCKED } }));
    const shop = stack.use(await startShop({ stock: stock.address }));
    const owned = stack.move();
    return {
      address: shop.address,
      connect: connectTo,
      async writes() {
        const response = await fetch(`${shop.url}/items/rope`);
        const { left } = (await response.json()) as { left: number };
        return STOCKED - left;
      },
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

async function connectTo({ host, port }: Address, timeoutMs: number): Promise<Client> {
  // One connection, with one request at a time.
  const client = new HttpClient(`http://${host}:${port}`);
  const thrower = client.compose(interceptors.responseError());
  const request = async (options: { path: string; method: 'GET' | 'POST'; body?: string }): Promise<string> => {
    const headers = { 'content-type': 'application/json' };
    const response = await thrower.request({ ...options, headers, signal: AbortSignal.timeout(timeoutMs) });
    return await response.body.text();
  };
  return {
    ask: () => request({ path: '/items', method: 'GET' }),
    async write() {
      await request({ path: '/orders', method: 'POST', body: JSON.stringify({ item: 'rope', quantity: 1 }) });
    },
    [Symbol.asyncDispose]: () => client.destroy(),
  };
}
