import { randomUUID } from 'node:crypto';
import { CATALOG } from './catalog.ts';
import { readOrder } from './order.ts';
import type { StockClient } from './stock-client.ts';

export type Answer = { readonly status: number; readonly body: unknown };

/** What a route needs to answer: the stock, the part of the path that it captured, and the way to read the body. */
export type Call = { readonly stock: StockClient; readonly id: string; readonly text: () => Promise<string> };

export type Route = {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** The name under which `/stats` counts it. */
  readonly name: string;
  readonly answer: (call: Call) => Promise<Answer>;
};

/** What the shop can do for its customers. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/items$/, name: 'GET /items', answer: listItems },
  { method: 'GET', path: /^\/items\/([^/]+)$/, name: 'GET /items/:id', answer: readItem },
  { method: 'POST', path: /^\/orders$/, name: 'POST /orders', answer: placeOrder },
];

async function listItems({ stock }: Call): Promise<Answer> {
  const levels = await stock.levels();
  return { status: 200, body: CATALOG.map((entry) => ({ ...entry, left: levels.get(entry.id) ?? 0 })) };
}

async function readItem({ stock, id }: Call): Promise<Answer> {
  const entry = CATALOG.find((each) => each.id === id);
  if (entry === undefined) return failure(404, `there is no item '${id}'`);
  return { status: 200, body: { ...entry, left: await stock.level(id) } };
}

async function placeOrder({ stock, text }: Call): Promise<Answer> {
  const order = readOrder(await text());
  if (typeof order === 'string') return failure(400, order);
  if (!CATALOG.some((entry) => entry.id === order.item)) return failure(404, `there is no item '${order.item}'`);
  const taken = await stock.take(order.item, order.quantity);
  return taken
    ? { status: 201, body: { id: randomUUID(), ...order } }
    : failure(409, `'${order.item}' is out of stock`);
}

/** An answer that says in one sentence why there is no better one. */
export function failure(status: number, error: string): Answer {
  return { status, body: { error } };
}
