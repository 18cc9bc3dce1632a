import assert from 'node:assert/strict';
import { scenario } from '@loads/node';

type Item = { id: string; name: string };

// A visitor who looks around: 9 of 10 iterations.
scenario('read', { weight: 9 }, async ({ http, check, sleep }) => {
  const list = await http.get('/items', { name: 'list items' });
  check(list.status === 200, 'list: status is 200');
  const [first] = await list.json<Item[]>();
  assert.ok(first, 'there are no items');

  await sleep(100);
  // Without a name, every item would be a series of its own.
  const read = await http.get(`/items/${first.id}`, { name: 'read item' });
  check(read.status === 200, 'read: status is 200');
});

// A visitor who buys: 1 of 10.
scenario('write', { weight: 1 }, async ({ http, check }) => {
  const answer = await http.post('/orders', { json: { item: 'rope', quantity: 1 }, name: 'place order' });
  check(answer.status === 201, 'order: status is 201');
});
