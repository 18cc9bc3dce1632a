import { expect, test } from 'vitest';
import { emptyAggregate, observe } from '../metrics/aggregate.ts';
import type { Series, Tags } from '../metrics/series.ts';
import { kindOf } from '../metrics/vocabulary.ts';
import { customRows } from './custom-rows.ts';

function series(metric: string, tags: Tags, type: 'g' | 'c', value: number, atMs = 1000): Series {
  const aggregate = emptyAggregate(kindOf(metric, type));
  observe(aggregate, { value, weight: 1 }, atMs);
  return { metric, tags, aggregate };
}

test('watched hosts have rows of their own, over all phases', () => {
  const rows = customRows(
    [
      series('host_load', { host: 'db', phase: 'steady' }, 'g', 3, 1000),
      series('host_load', { host: 'db', phase: 'chaos' }, 'g', 5, 2000),
      series('host_load', { host: 'app', phase: 'steady' }, 'g', 1),
      series('host_redis_keys', { host: 'db' }, 'g', 7),
      series('host_missed', { host: 'app', reason: 'time' }, 'c', 1),
      series('host_missed', { host: 'app', reason: 'token' }, 'c', 2),
    ],
    1000,
  );
  expect(rows.map(({ metric, value }) => [metric, value])).toEqual([
    ['host_load{host:app}', 1],
    ['host_load{host:db}', 5],
    ['host_missed{host:app,reason:time}', 1],
    ['host_missed{host:app,reason:token}', 2],
    ['host_redis_keys{host:db}', 7],
  ]);
  expect(rows[1]?.range).toEqual({ min: 3, avg: 4, max: 5 });
});

test('what a scenario measures is one row for each metric, whatever its tags', () => {
  const orders = [series('orders', { host: 'a' }, 'c', 2), series('orders', { host: 'b' }, 'c', 3)];
  expect(customRows([...orders, series('http_reqs', {}, 'c', 9)], 1000)).toEqual([
    { metric: 'orders', kind: 'counter', value: 5, rate: 5 },
  ]);
});
