import assert from 'node:assert/strict';
import { scenario } from '@loads/node';

// What the bench runs as load: one request, its status as a check, its body asserted.
scenario('read item', async ({ http, check }) => {
  const res = await http.get('/items/42');
  check(res.status === 200, 'status is 200');
  const item = await res.json<{ id: number }>();
  assert.equal(item.id, 42);
});
