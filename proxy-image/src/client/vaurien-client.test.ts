import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { TestApi } from '../control/api/api.test.support.ts';
import { VaurienClient } from './vaurien-client.ts';

test('behaviors are set, told, listed and reset', async () => {
  await using api = await TestApi.start();
  const client = new VaurienClient({ host: api.url });
  expect(await client.setBehavior('error', { code: 503, ttl: '30s' })).toMatchObject({
    behavior: 'error',
    options: { code: 503 },
    remainingMs: 30_000,
  });
  expect(await client.getBehavior()).toMatchObject({ behavior: 'error', source: 'live' });
  expect(await client.renew('60s')).toMatchObject({ remainingMs: 60_000 });
  expect((await client.listBehaviors()).behaviors).toContain('transient');
  expect(await client.reset()).toMatchObject({ behavior: 'dummy', source: 'standing' });
  await client.setBackend('localhost:1');
  expect(await client.getBackend()).toBe('localhost:1');
});

test('what was set before is restored with its options, also when the body throws', async () => {
  await using api = await TestApi.start();
  const client = new VaurienClient({ host: api.url });
  await client.setBehavior('10:delay', { sleep: '300ms', scope: 'connection', match: { every: 2 } });
  const inside = client.withBehavior('error', { code: 503 }, async () => {
    expect(await api.ask()).toBe(503);
    throw new Error('the application did not survive');
  });
  await expect(inside).rejects.toThrow('the application did not survive');
  expect(api.proxy.behavior).toMatchObject({
    behavior: '10:delay',
    options: { sleep: '300ms' },
    scope: 'connection',
    match: { every: 2 },
    behaviors: [{ percent: 10, options: { sleep: 300 } }],
    source: 'live',
  });
});

test('where nothing was set, nothing is set afterwards, and the result comes through', async () => {
  await using api = await TestApi.start({ behavior: 'error', code: 501 });
  const client = new VaurienClient({ host: api.url });
  expect(await client.withBehavior('dummy', {}, () => api.ask())).toBe(200);
  expect(api.proxy.behavior.source).toBe('standing');
  expect(await api.ask()).toBe(501);
});

test('what was left of a time to live is restored, and what ended meanwhile is not', async () => {
  await using api = await TestApi.start();
  const client = new VaurienClient({ host: api.url });
  await client.setBehavior('delay', { sleep: 0, ttl: '1h' });
  await client.withBehavior('error', {}, () => setImmediate());
  const { remainingMs = 0 } = api.proxy.behavior;
  expect(remainingMs).toBeGreaterThan(3_500_000);
  expect(remainingMs).toBeLessThanOrEqual(3_600_000);
  await client.setBehavior('delay', { sleep: 0, ttl: '1ms' });
  await client.withBehavior('error', {}, () => new Promise((resolve) => setTimeout(resolve, 5)));
  expect(api.proxy.behavior.source).toBe('standing');
});

test('two errors are both told', async () => {
  await using api = await TestApi.start();
  const client = new VaurienClient({ host: api.url });
  const failed = client.withBehavior('error', {}, async () => {
    await api.vaurien.remove('web');
    throw new Error('first');
  });
  const error = await failed.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SuppressedError);
  expect(error).toMatchObject({ suppressed: { message: 'first' }, error: { message: 'there is no proxy' } });
});

test('what the API refuses is told, all of it', async () => {
  await using api = await TestApi.start({}, 'secret');
  await expect(new VaurienClient({ host: api.url }).reset()).rejects.toThrow('a token is needed');
  const client = new VaurienClient({ host: api.url, token: 'secret' });
  await expect(client.setBehavior('error', { cod: 1, warmup: -1 })).rejects.toThrow(/cod: .*\nwarmup: /);
  await expect(new VaurienClient({ host: api.url, token: 'secret', proxy: 'db' }).getBehavior()).rejects.toThrow(
    "there is no proxy 'db'",
  );
});

test('nobody there', async () => {
  const client = new VaurienClient({ host: 'http://127.0.0.1:1' });
  await expect(client.getBehavior()).rejects.toMatchObject({
    code: 'ERR_TARGET_UNREACHABLE',
    hint: expect.stringContaining('--http'),
  });
});
