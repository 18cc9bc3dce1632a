import assert from 'node:assert/strict';
import { scenario } from '@loads/node';

type Item = { id: string; name: string };

// A customer who looks around: 90 of 100 iterations.
scenario('read', { weight: 90 }, async ({ http, check, sleep }) => {
  await sleep(thinkTime());
  const list = await http.get('/items', { name: 'list items' });
  check(list.status === 200, 'status is 200');
  // While a fault is on, a 503 is what we came to see: the check counts it, and the iteration ends here.
  if (list.status !== 200) return;
  const items = await list.json<Item[]>();
  const wanted = anyOf(items);

  await sleep(thinkTime());
  // Without a name, every item would be a series of its own.
  const read = await http.get(`/items/${wanted.id}`, { name: 'read item' });
  check(read.status === 200, 'status is 200');
  if (read.status !== 200) return;
  const item = await read.json<Item>();
  assert.equal(item.name, wanted.name);
});

// A customer who buys: 10 of 100 iterations.
scenario('write', { weight: 10 }, async ({ http, check, sleep }) => {
  await sleep(thinkTime());
  const order = { item: 'rope', quantity: 2 };
  const answer = await http.post('/orders', { json: order, name: 'place order' });
  check(answer.status === 201, 'status is 201');
  if (answer.status !== 201) return;
  const placed = await answer.json<typeof order>();
  assert.deepEqual({ item: placed.item, quantity: placed.quantity }, order);
});

/** People think for 50-100 ms here. 20 workers then make about 250 requests per second. */
function thinkTime(): number {
  return 50 + Math.random() * 50;
}

function anyOf(items: readonly Item[]): Item {
  const item = items[Math.floor(Math.random() * items.length)];
  assert.ok(item, 'the shop has no items');
  return item;
}
