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

const HELD = { run: 'r1', ttl: '10s', entries: ENTRIES };

test('the schedule of a run waits for its start, is renewed, and tells exactly what it did', async () => {
  await using api = await TestApi.start();
  const held = await api.send('PUT', '/schedule', HELD);
  expect(held.body).toMatchObject({ run: 'r1', expiresAtMs: api.clock.now() + 10_000, faults: [] });
  expect(held.body.startAtMs).toBeUndefined();
  const begun = await api.send('PATCH', '/schedule', { run: 'r1', startIn: '2s' });
  expect(begun.body).toMatchObject({ startAtMs: api.clock.now() + 2000, nowMs: api.clock.now() });
  const seen: number[] = [];
  for (const ms of [9000, 3000, 4000]) {
    api.clock.pass(ms);
    seen.push(await api.ask(), await api.ask());
    await api.send('PATCH', '/schedule', { run: 'r1', ttl: '10s' });
  }
  // 9, 12 and 16 s after the start was given, which is 7, 10 and 14 s after the start itself.
  expect(seen).toEqual([200, 200, 503, 503, 503, 503]);
  const ended = await api.send('DELETE', '/schedule?run=r1');
  const [first] = api.vaurien.faults.since(0).events;
  expect(ended.body.faults).toEqual([
    expect.objectContaining({
      fault: 'bad',
      behavior: 'error',
      point: 'before',
      count: 4,
      first: { id: first?.id, atMs: first?.atMs },
    }),
  ]);
  expect(await api.ask()).toBe(200);
  expect(api.clock.waiting).toBe(0);
});

test('the faults of a run that nobody renews end, and what was kept before it is kept again', async () => {
  await using api = await TestApi.start();
  await api.send('PUT', '/schedule', { entries: [{ name: 'own', at: 0, for: '1h', behavior: 'error', code: 500 }] });
  const entries = [{ name: 'theirs', at: 0, for: '1h', behavior: 'error', code: 503 }];
  await api.send('PUT', '/schedule', { ...HELD, entries, startIn: 0 });
  expect(await api.ask()).toBe(503);
  api.clock.pass(9999);
  expect(await api.ask()).toBe(503);
  api.clock.pass(1);
  expect(await api.ask()).toBe(500);
  expect((await api.send('PATCH', '/schedule', { run: 'r1', ttl: '10s' })).status).toBe(409);
});

test('a schedule that a run holds is not taken from it, but ended by whoever says so', async () => {
  await using api = await TestApi.start();
  await api.send('PUT', '/schedule', HELD);
  const description = 'the run r1 holds the schedule; DELETE it first, or wait for its end';
  for (const body of [{ ...HELD, run: 'r2' }, { entries: [] }]) {
    const { status, body: answer } = await api.send('PUT', '/schedule', body);
    expect([status, answer.errors]).toEqual([409, [{ location: 'body', name: '', description }]]);
  }
  expect((await api.send('PATCH', '/schedule', { run: 'r2', ttl: '1s' })).status).toBe(409);
  expect((await api.send('DELETE', '/schedule?run=r2')).status).toBe(409);
  expect((await api.send('PUT', '/schedule', HELD)).status).toBe(200);
  expect((await api.send('DELETE', '/schedule')).status).toBe(200);
  expect((await api.send('DELETE', '/schedule?run=r1')).status).toBe(409);
});

test.each([
  [{ entries: [], run: 'r1' }, 'ttl'],
  [{ entries: [], ttl: 1 }, 'ttl'],
  [{ entries: [], startAtMs: 1, startIn: 1 }, 'startIn'],
  [{ entries: [], run: '', ttl: 0 }, 'run'],
])('PUT %j is refused for its %s', async (body, name) => {
  await using api = await TestApi.start();
  const answer = await api.send('PUT', '/schedule', body);
  expect([answer.status, (answer.body.errors as { name: string }[])[0]?.name]).toEqual([400, name]);
});

test('entries of one name follow each other: repeats, and the steps of a ramp', async () => {
  await using api = await TestApi.start();
  const step = (at: string, place: number, code: number): object => {
    return { name: 'more', at, for: '5s', behavior: 'error', code, step: place };
  };
  const again = { name: 'bad', at: '60s', for: '5s', behavior: 'error', code: 503 };
  const entries = [...ENTRIES, again, step('20s', 0, 500), step('25s', 1, 501)];
  expect((await api.send('PUT', '/schedule', { ...HELD, entries })).status).toBe(200);
  await api.send('PATCH', '/schedule', { run: 'r1', startIn: 0, ttl: '1h' });
  const seen: number[] = [];
  for (const ms of [10_000, 10_000, 5000, 5000, 30_000, 5000]) {
    api.clock.pass(ms);
    seen.push(await api.ask());
  }
  expect(seen).toEqual([503, 500, 501, 200, 503, 200]);
  const { body } = await api.send('DELETE', '/schedule?run=r1');
  expect((body.windows as { fault: string }[]).map((window) => Object.values(window))).toEqual([
    ['bad', 'web', 10_000, 10_000, 15_000],
    ['chaos-2', 'web', 12_000, 12_000, 17_000],
    ['more', 'web', 20_000, 20_000, 30_000],
    ['bad', 'web', 60_000, 60_000, 65_000],
  ]);
});

test('a schedule may be long: many repeats, and the steps of ramps', async () => {
  await using api = await TestApi.start();
  const entries = Array.from({ length: 2000 }, (_, i) => ({
    ...{ name: 'often', at: `${2 * i}s`, for: '1s', behavior: 'delay', sleep: '100ms', jitter: '10ms' },
  }));
  expect((await api.send('PUT', '/proxies/web/schedule', { entries })).status).toBe(200);
  expect(api.proxy.schedule?.entries).toHaveLength(2000);
});
