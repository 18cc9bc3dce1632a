import { scenario } from '@loads/node';

const ITEMS = ['anvil', 'rocket', 'magnet', 'rope'] as const;
let next = 0;

// A customer who puts one thing after the other into the cart.
scenario('fill the cart', async ({ http, check }) => {
  const item = ITEMS[next++ % ITEMS.length];
  const answer = await http.get(`/cart/${item}`, { name: 'add to cart' });
  check(answer.status === 200, 'has a price');
});
