import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';

const ORDERS = `import { scenario, stats } from '@loads/node';
const priced = (price) => stats.timing('price', price, { currency: 'eur' });
scenario('buy', async ({ stats, iteration, sleep }) => {
  stats.increment('orders');
  stats.increment('items', 3, { kind: iteration % 2 ? 'rope' : 'tea' });
  for (const price of [10, 20, 30]) priced(price);
  stats.gauge('cart', 7);
  await sleep(10);
});
`;

test('a scenario’s own metrics of all nodes and processes add up, to the last sample, and are judged', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('buy.ts', ORDERS);
  await workspace.write(
    'loads.yml',
    `
scenario: ./buy.ts
nodes: 2
processes: 2
workers: 8
iterations: 200
thresholds:
  orders: count==200
  items{kind:rope}: count>0
  price{currency:eur}: ['p(99)<30.2', 'p(10)>9.9', count==600]
  cart: value==7
`,
  );
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'loads.yml']);
  expect(exitCode, stdout).toBe(0);
  const { custom, lost } = await workspace.summary();
  expect(custom).toMatchObject([
    { metric: 'cart', kind: 'gauge', value: 7, range: { min: 7, avg: 7, max: 7 } },
    { metric: 'items', kind: 'counter', value: 600 },
    { metric: 'orders', kind: 'counter', value: 200 },
    { metric: 'price', kind: 'trend', trend: { count: 600, min: 10, max: 30 } },
  ]);
  expect(lost).toBe(0);
  expect(stdout).toContain('custom metrics');
});
