import { Histogram, type Series } from '@loads/core';
import { expect, test } from 'vitest';
import { RequestWatch } from './request-watch.ts';

/** What a flush gives of so many requests of one name, in two series. */
function seriesOf(name: string, count: number, failed: number, ms: number): readonly Series[] {
  const series = (requests: number, tags: Readonly<Record<string, string>>): readonly Series[] => {
    const histogram = new Histogram();
    if (requests > 0) histogram.record(ms, requests);
    return [
      { metric: 'http_reqs', tags, aggregate: { kind: 'counter', sum: requests } },
      {
        metric: 'http_req_failed',
        tags,
        aggregate: { kind: 'rate', count: requests, sum: Math.min(failed, requests) },
      },
      { metric: 'http_req_duration', tags, aggregate: { kind: 'trend', histogram } },
    ];
  };
  const [some, rest] = [Math.ceil(count / 2), Math.floor(count / 2)];
  return [...series(some, { name, status: '200' }), ...(rest > 0 ? series(rest, { name, status: '204' }) : [])];
}

test('a name has its totals, and the rate and latencies of the last five seconds', () => {
  const watch = new RequestWatch(1000);
  let rows = watch.take(seriesOf('list', 100, 0, 500), 2000);
  expect(rows).toMatchObject([
    { name: 'list', requests: 100, failed: 0, rate: 100, durations: { count: 100, max: 500 } },
  ]);
  for (let second = 3; second <= 7; second++) rows = watch.take(seriesOf('list', 10, 1, 5), second * 1000);
  // The first second is no longer among the last five.
  expect(rows).toMatchObject([{ requests: 150, rate: 10, durations: { count: 50, max: 5 } }]);
  for (let second = 8; second <= 12; second++) rows = watch.take([], second * 1000);
  expect(rows).toMatchObject([{ name: 'list', requests: 150, rate: 0, durations: { count: 0 } }]);
});

test('a name is told apart by its protocol, and beyond the limit the rest of each protocol is one row', () => {
  const watch = new RequestWatch(0);
  const chat: readonly Series[] = [
    { metric: 'ws_sessions', tags: { name: 'list' }, aggregate: { kind: 'counter', sum: 2 } },
    { metric: 'ws_session_failed', tags: { name: 'list' }, aggregate: { kind: 'rate', count: 2, sum: 1 } },
  ];
  expect(watch.take([...seriesOf('list', 10, 0, 5), ...chat], 1000)).toMatchObject([
    { name: 'list', protocol: 'http', requests: 10, failed: 0 },
    { name: 'list', protocol: 'ws', requests: 2, failed: 1, durations: { count: 0 } },
  ]);
  const many = Array.from({ length: 600 }, (_, i) => seriesOf(`name ${i}`, 1000, 0, 1)).flat();
  const others = watch.take(many, 2000).filter(({ name }) => name === '(other)');
  expect(others).toMatchObject([
    { protocol: 'http', requests: 600 * 1000 + 10 - 50 * 1000 },
    { protocol: 'ws', requests: 2 },
  ]);
});

test('the most frequent names are listed, the rest is one row, and nothing is lost or counted twice', () => {
  const watch = new RequestWatch(0);
  const names = Array.from({ length: 1000 }, (_, i) => `name ${i}`);
  const rows = watch.take(
    [...names.flatMap((name, i) => seriesOf(name, 1000 - i, 0, 1)), ...seriesOf('(other)', 7, 0, 1)],
    1000,
  );
  expect(rows).toHaveLength(51);
  expect(rows.filter(({ name }) => name === '(other)')).toHaveLength(1);
  expect(rows.reduce((sum, { requests }) => sum + requests, 0)).toBe(500_507);
  expect(rows.reduce((sum, { durations }) => sum + durations.count, 0)).toBe(500_507);
});

test('fifty names of which each has a wide distribution stay small', () => {
  const watch = new RequestWatch(0);
  for (let second = 1; second <= 5; second++) {
    const series = Array.from({ length: 50 }, (_, name) =>
      Array.from({ length: 40 }, (_, i) => seriesOf(`name ${name}`, 2, 0, 5 * 1.05 ** i + second)),
    );
    const rows = watch.take(series.flat(2), second * 1000);
    expect(JSON.stringify(rows).length).toBeLessThan(60_000);
  }
});
