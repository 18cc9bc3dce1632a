import type { Ask } from './ask.ts';
import { type Service, serve } from './prices.ts';

/** Starts the cart: `GET /cart/:item` answers with the item's price, or 502 when the prices do not say it. */
export async function startCart(ask: Ask, port = 0): Promise<Service> {
  return await serve(port, async (path) => {
    const [, item] = /^\/cart\/(\w+)$/.exec(path) ?? [];
    if (item === undefined) return { status: 404, body: { error: `there is no ${path}` } };
    try {
      return { status: 200, body: await ask(item) };
    } catch (error) {
      return { status: 502, body: { error: `no price: ${String(error)}` } };
    }
  });
}
