import { expect, test } from 'vitest';
import { planOf } from '../runtime/sidecar.test.fixture.ts';
import { placesOf } from './places.ts';

test('a node has to reach the target, its proxies and what stands behind them, each once', () => {
  const plan = planOf({
    target: 'https://shop.test/base',
    proxies: [
      { name: 'web', backend: { host: 'shop.test', port: 443 }, protocol: 'tcp', behaviors: [] },
      { name: 'db', backend: { host: '::1', port: 5432 }, protocol: 'tcp', behaviors: [] },
    ],
  });
  expect(placesOf(plan, { web: '127.0.0.1:1001', db: '127.0.0.1:1002' })).toEqual([
    { what: 'the target', address: { host: 'shop.test', port: 443 } },
    { what: 'proxy web', address: { host: '127.0.0.1', port: 1001 } },
    { what: 'proxy db', address: { host: '127.0.0.1', port: 1002 } },
    { what: 'the backend of db', address: { host: '::1', port: 5432 } },
  ]);
  expect(placesOf(planOf(), {})).toEqual([]);
});
