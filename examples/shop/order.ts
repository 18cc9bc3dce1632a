export type Order = { readonly item: string; readonly quantity: number };

const MOST = 100;

/** Reads an order from the text of a request body, or says in one sentence what is wrong with it. */
export function readOrder(text: string): Order | string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'the body is not JSON';
  }
  if (typeof body !== 'object' || body === null) return 'the body is not an object';
  const { item, quantity } = body as Record<string, unknown>;
  if (typeof item !== 'string') return 'item: expected the id of an item';
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1 || quantity > MOST) {
    return `quantity: expected a whole number from 1 to ${MOST}`;
  }
  return { item, quantity };
}
