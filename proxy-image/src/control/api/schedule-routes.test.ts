import { expect, test } from 'vitest';
import { TestApi } from './api.test.support.ts';

const ENTRIES = [
  { name: 'bad', at: '10s', for: '5s', behavior: 'error', code: 503 },
  { at: '12s', for: '5s', behavior: 'error', code: 502 },
];

test('a schedule is kept from its start, and ends', async () => {
  await using api = await TestApi.start({ behavior: 'error', code: 500 });
  const put = await api.send('PUT', '/proxies/web/schedule', { entries: ENTRIES });
  expect(put.body).toMatchObject({
    status: 'ok',
    startAtMs: api.clock.now(),
    active: [],
    entries: [
      { name: 'bad', atMs: 10_000, forMs: 5000, behavior: 'error', options: { code: 503 } },
      { name: 'chaos-2' },
    ],
  });
  const seen: number[] = [];
  for (const ms of [0, 10_000, 2000, 3000, 2000]) {
    api.clock.pass(ms);
    seen.push(await api.ask());
  }
  // At 0, 10, 12, 15 and 17 s. Of two entries the first wins, and what stands comes last.
  expect(seen).toEqual([500, 503, 503, 502, 500]);
  expect((await api.send('GET', '/schedule')).body).toMatchObject({ active: [] });
});

test('a start in the past, and the end of a schedule', async () => {
  await using api = await TestApi.start();
  await api.send('PUT', '/schedule', { startAtMs: api.clock.now() - 11_000, entries: ENTRIES });
  expect((await api.send('GET', '/schedule')).body).toMatchObject({ active: ['bad'] });
  expect(await api.ask()).toBe(503);
  expect((await api.send('DELETE', '/schedule')).body).toEqual({ status: 'ok' });
  expect(await api.ask()).toBe(200);
  expect(api.clock.waiting).toBe(0);
});

test('the live setting goes before the schedule', async () => {
  await using api = await TestApi.start();
  await api.send('PUT', '/schedule', { entries: [{ at: 0, for: '1m', behavior: 'error', code: 502 }] });
  await api.send('PUT', '/behavior', { name: 'error', code: 503 });
  expect(await api.ask()).toBe(503);
  await api.send('DELETE', '/behavior');
  expect(await api.ask()).toBe(502);
});

test('every problem of every entry is told, and nothing changes', async () => {
  await using api = await TestApi.start();
  const entries = [
    { name: 'always', at: 0, for: 0, behavior: 'error' },
    { name: 'x', at: 0, for: 1, behavior: 'eror' },
    { name: 'x', at: -1, behavior: 'delay', slep: 1 },
    7,
  ];
  const { status, body } = await api.send('PUT', '/schedule', { startAtMs: 'now', entries });
  expect(status).toBe(400);
  expect((body.errors as { name: string }[]).map(({ name }) => name)).toEqual([
    'startAtMs',
    'entries.0.name',
    'entries.0.for',
    'entries.1.behavior',
    'entries.2.at',
    'entries.2.for',
    'entries.2.slep',
    'entries.2.name',
    'entries.3',
  ]);
  expect(api.proxy.schedule).toBeUndefined();
});
