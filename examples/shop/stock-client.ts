import type { Address } from './listen.ts';
import { StockPool, type StockPoolOptions } from './stock-pool.ts';

/** The stock's commands as functions. Each throws `StockUnavailable` when the stock does not answer in time. */
export class StockClient implements Disposable {
  readonly #pool: StockPool;

  constructor(address: Address, options: StockPoolOptions) {
    this.#pool = new StockPool(address, options);
  }

  /** How much is left of everything, by SKU. */
  async levels(): Promise<ReadonlyMap<string, number>> {
    const answer = await this.#pool.ask('LIST');
    const pairs = answer.split(' ').slice(1);
    return new Map(pairs.map((pair) => pair.split('=')).map(([sku = '', level]) => [sku, Number(level)]));
  }

  /** How much is left of one SKU; 0 when the stock does not know it. */
  async level(sku: string): Promise<number> {
    const [status, level] = (await this.#pool.ask(`GET ${sku}`)).split(' ');
    return status === 'OK' ? Number(level) : 0;
  }

  /** Takes `quantity` out of the stock, or nothing and gives false when there is less than that. */
  async take(sku: string, quantity: number): Promise<boolean> {
    return (await this.#pool.ask(`TAKE ${sku} ${quantity}`)).startsWith('OK ');
  }

  [Symbol.dispose](): void {
    this.#pool[Symbol.dispose]();
  }
}
