import { type Shop, startShop } from '../../examples/shop/service.ts';
import { startStock } from '../../examples/shop/stock.ts';

/** What the shop itself counted: requests by route, answers by status, and all requests. */
export type ShopStats = {
  readonly requests: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, number>>;
  readonly total: number;
};

/** The service that the runs go against: the shop of the examples with its stock. */
export type Target = AsyncDisposable & {
  readonly url: string;
  /** `host:port` of the stock, which no scenario speaks to. */
  readonly stock: string;
  stats(): Promise<ShopStats>;
};

/** A machine that stands still is no stock that does not answer. */
const STOCK_TIMEOUT_MS = 30_000;

/** Starts the shop on free ports. On the host 0.0.0.0 containers reach it too, as host.docker.internal. */
export async function startTarget(host = '127.0.0.1'): Promise<Target> {
  await using starting = new AsyncDisposableStack();
  const stock = starting.use(await startStock());
  const shop: Shop = starting.use(await startShop({ stock: stock.address, host, stockTimeoutMs: STOCK_TIMEOUT_MS }));
  const started = starting.move();
  return {
    url: shop.url,
    stock: `${stock.address.host}:${stock.address.port}`,
    async stats() {
      const response = await fetch(`${shop.url}/stats`);
      return (await response.json()) as ShopStats;
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
