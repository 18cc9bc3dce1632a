import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RemoteProxyPlan } from '@loads/core';
import { expect, test, vi } from 'vitest';
import { TestApi } from '../control/api/api.test.support.ts';
import { RemoteProxies } from './remote-proxies.ts';
import type { RemoteFaults } from './remote-proxy.ts';

const BAD = { name: 'bad', at: '1000ms', for: '5000ms', behavior: 'error', code: 503 };
const AHEAD_MS = 3_600_000;

function remote(api: { readonly url: string }, change: Partial<RemoteProxyPlan> = {}): RemoteProxyPlan {
  return { name: 'db', control: api.url, remoteName: 'web', entries: [BAD], ...change };
}

/** A node's hold on remotes whose clock is an hour behind the node's, and what it was told of their faults. */
async function hold(
  api: TestApi,
  { remotes = [remote(api)], run = 'r1', everyMs = 20 } = {},
): Promise<{ readonly held: RemoteProxies; readonly faults: RemoteFaults[]; readonly now: () => number }> {
  const faults: RemoteFaults[] = [];
  const now = (): number => api.clock.now() + AHEAD_MS;
  const onFaults = (found: RemoteFaults): void => void faults.push(found);
  return { held: await RemoteProxies.hold({ remotes, run, now, onFaults, everyMs }), faults, now };
}

function countOf(faults: readonly RemoteFaults[]): number {
  return faults.reduce((sum, { count }) => sum + count, 0);
}

test('a schedule is held, begins after the delay whatever the clocks say, and its faults are counted once', async () => {
  await using api = await TestApi.start();
  const { held, faults, now } = await hold(api);
  expect((await api.send('GET', '/schedule')).body).toMatchObject({ run: 'r1', active: [] });
  held.begin(now() + 500);
  await vi.waitUntil(() => api.proxy.schedule !== undefined, 15_000);
  expect(api.proxy.schedule?.startAtMs).toBe(api.clock.now() + 500);
  const lived: number[] = [];
  for (const ms of [1499, 1]) {
    api.clock.pass(ms);
    lived.push(await api.ask());
  }
  expect(lived).toEqual([200, 503]);
  await api.ask();
  await vi.waitUntil(() => countOf(faults) === 2, 15_000);
  await api.ask();
  await held.release();
  expect(countOf(faults)).toBe(3);
  const [event] = api.vaurien.faults.since(0).events;
  expect(faults[0]).toMatchObject({
    ...{ proxy: 'db', protocol: 'http', fault: 'bad', behavior: 'error', point: 'before' },
    first: { id: event?.id, atMs: (event?.atMs ?? 0) + AHEAD_MS },
  });
  expect(held.problems).toEqual([]);
  expect(held.windows).toEqual([{ fault: 'bad', proxy: 'db', plannedMs: 1000, fromMs: 1000, toMs: 1000 }]);
  expect(await api.ask()).toBe(200);
  expect(api.proxy.lease).toBeUndefined();
});

test('a node that goes without a word leaves no fault behind', async () => {
  await using api = await TestApi.start();
  const forAnHour = { ...BAD, for: '1h' };
  const { now } = await hold(api, { remotes: [remote(api, { entries: [forAnHour] })], everyMs: 1_000_000 });
  await api.send('PATCH', '/schedule', { run: 'r1', ttl: '10s', startIn: 0 });
  api.clock.pass(1000);
  expect([await api.ask(), now()]).toEqual([503, api.clock.now() + AHEAD_MS]);
  api.clock.pass(9000);
  expect(await api.ask()).toBe(200);
});

test('a hold that somebody else has ended is a problem of the run', async () => {
  await using api = await TestApi.start();
  const { held } = await hold(api);
  await api.send('DELETE', '/schedule');
  await vi.waitUntil(() => held.problems.length > 0, 15_000);
  await held.release();
  const reason = 'the run r1 does not hold the schedule; nobody does';
  expect(held.problems).toEqual([`proxy db: its schedule was not kept to the end: ${reason}`]);
});

test('a start that comes too late is a problem of the run', async () => {
  await using api = await TestApi.start();
  const { held, now } = await hold(api);
  held.begin(now() - 400);
  await held.release();
  expect(held.problems).toEqual(['proxy db: it learned of the start 400 ms late']);
});

test('faults that nobody could ask for at the end are a problem of the run', async () => {
  const api = await TestApi.start();
  const { held } = await hold(api);
  await api[Symbol.asyncDispose]();
  await held.release();
  expect(held.problems).toEqual([
    expect.stringMatching(/^proxy db: its last faults are not known: no vaurien answers/),
  ]);
});

test.each<[string, Partial<RemoteProxyPlan>, string]>([
  ['a wrong token', { token: 'wrong' }, 'proxy db: http://HERE lets nobody in: the token is wrong'],
  ['no token', { token: undefined }, 'proxy db: http://HERE lets nobody in: a token is needed'],
  ['an unknown proxy', { remoteName: 'stock' }, "proxy db: there is no proxy 'stock' on http://HERE; there are web"],
  ['another protocol', { protocol: 'mysql' }, "proxy db: 'web' on http://HERE speaks http, not mysql"],
  [
    'a fault that it does not have',
    { entries: [BAD, { ...BAD, name: 'worse', behavior: 'lose-it' }] },
    "proxy db: fault worse: behavior: 'lose-it' is no behavior; there are blackout, delay, dummy, error, hang, transient, abort",
  ],
])('%s is told before anything begins', async (_, change, message) => {
  await using api = await TestApi.start({}, 'right');
  const here = api.url.replace('http://', '');
  const failing = hold(api, { remotes: [remote(api, { token: 'right' }), remote(api, { token: 'right', ...change })] });
  await expect(failing).rejects.toMatchObject({
    ...{ code: 'ERR_CONFIG', exitCode: 104, message: message.replace('HERE', here) },
  });
  // The one that was right is not held either.
  expect(api.proxy.lease).toBeUndefined();
});

test('a control that nobody answers on, or that is something else', async () => {
  await using api = await TestApi.start();
  const none = remote({ url: 'http://127.0.0.1:1' });
  await expect(hold(api, { remotes: [none] })).rejects.toMatchObject({
    ...{ code: 'ERR_TARGET_UNREACHABLE', exitCode: 104, message: 'proxy db: no vaurien answers on http://127.0.0.1:1' },
  });
  const other = createServer((_request, response) => response.writeHead(404).end('nothing here'));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  await expect(hold(api, { remotes: [remote({ url })] })).rejects.toThrow(`what answers on ${url} has no proxies`);
  await expect(hold(api, { remotes: [none, remote({ url })] })).rejects.toThrow(
    /no vaurien answers[\s\S]*has no proxies/,
  );
  other.close();
});

test('two runs cannot drive one proxy', async () => {
  await using api = await TestApi.start();
  const { held } = await hold(api);
  await expect(hold(api, { run: 'r2' })).rejects.toThrow('proxy db: the run r1 holds the schedule');
  await held.release();
  const { held: next } = await hold(api, { run: 'r2' });
  await next.release();
});
