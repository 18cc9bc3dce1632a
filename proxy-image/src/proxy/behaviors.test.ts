import { expect, test } from 'vitest';
import { dial, get, rule, startEcho, startHttpBackend, startTestProxy, type TestProxy } from './peers.test.support.ts';
import type { Rule } from './rule.ts';

/** The status of each of so many requests on a connection of their own. */
async function statuses(served: TestProxy, requests: number): Promise<string[]> {
  const client = await dial(served.proxy.address);
  client.send(get('/').repeat(requests));
  const text = await client.until((so) => so.split('HTTP/1.1 ').length - 1 === requests);
  client.socket.destroy();
  return [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code ?? '');
}

/** `echo`, or how the connection ends, for each of so many connections. */
async function echoes(served: TestProxy, connections: number): Promise<string[]> {
  const outcomes: string[] = [];
  for (let i = 0; i < connections; i++) {
    const client = await dial(served.proxy.address);
    client.send('hello');
    const echoed = client
      .until((text) => text === 'hello')
      .then(
        () => 'echo',
        () => 'ended',
      );
    outcomes.push(await echoed);
    client.socket.destroy();
  }
  return outcomes;
}

test.each<[string, Rule, string[][]]>([
  [
    'error after a warm-up, counted over all connections',
    rule('it', 'error', { code: 500, warmup: 3 }),
    [
      ['200', '200'],
      ['200', '500'],
      ['500', '500'],
    ],
  ],
  [
    'transient, counted over the proxy',
    rule('it', 'transient', { code: 500, agitate: 3 }),
    [
      ['500', '500'],
      ['500', '200'],
      ['200', '200'],
    ],
  ],
  [
    'transient, counted on each connection',
    rule('it', 'transient', { code: 500, per: 'connection' }),
    [
      ['500', '200'],
      ['500', '200'],
      ['500', '200'],
    ],
  ],
  [
    'transient errors in the place of the answer',
    rule('it', 'transient', { code: 500, point: 'forwarded', agitate: 2 }),
    [
      ['500', '500'],
      ['200', '200'],
      ['200', '200'],
    ],
  ],
])('http: %s', async (_, one, expected) => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [one]);
  const got: string[][] = [];
  for (const { length } of expected) got.push(await statuses(served, length));
  expect(got).toEqual(expected);
  expect(served.faults.length).toBe(expected.flat().filter((code) => code === '500').length);
});

test.each<[string, Rule, string[]]>([
  ['error after a warm-up', rule('it', 'error', { warmup: 2 }), ['echo', 'echo', 'ended', 'ended']],
  ['transient', rule('it', 'transient', { agitate: 2 }), ['ended', 'ended', 'echo', 'echo']],
  ['transient on each connection', rule('it', 'transient', { per: 'connection' }), ['ended', 'ended', 'ended']],
  ['every second', { ...rule('it', 'error'), match: { every: 2 } }, ['echo', 'ended', 'echo', 'ended']],
])('tcp: %s counts connections', async (_, one, expected) => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address, [one]);
  expect(await echoes(served, expected.length)).toEqual(expected);
});

test.each<[string, Rule, number[]]>([
  ['a warm-up', rule('it', 'error', { warmup: 1 }), [2, 3]],
  ['every second', { ...rule('it', 'error'), match: { every: 2 } }, [2]],
])('tcp: a rule with %s judges an open connection once, however often others change', async (_, one, hit) => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address, [one]);
  const clients = [
    await dial(served.proxy.address),
    await dial(served.proxy.address),
    await dial(served.proxy.address),
  ];
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(3);
  for (const sleep of [1, 2, 3]) served.proxy.setRules([one, rule('other', 'delay', { sleep }, 1e-9)]);
  for (const [i, client] of clients.entries()) {
    client.send('b');
    if (hit.includes(i + 1)) expect(await client.outcome).toBe('fin');
    else await client.until((text) => text === 'b');
  }
  expect(served.faults.map(({ connection }) => connection)).toEqual(hit);
});

test.each([true, false])('http: a delay whose `before` is %s takes its time, and no more', async (before) => {
  await using backend = await startHttpBackend();
  const slow = rule('slow', 'delay', { sleep: '300ms', before });
  await using served = await startTestProxy('http', backend.address, [slow]);
  const client = await dial(served.proxy.address);
  const begin = performance.now();
  client.send(get('/'));
  await backend.accepted(1);
  const asked = performance.now() - begin;
  await client.untilHas('ok 1');
  expect(performance.now() - begin).toBeGreaterThanOrEqual(298);
  expect(asked > 290).toBe(before);
});

test('tcp: a delay of the answer holds what the backend says, and not what the client does', async () => {
  await using backend = await startEcho();
  const slow = rule('slow', 'delay', { sleep: '1h', before: false });
  await using served = await startTestProxy('tcp', backend.address, [slow]);
  const client = await dial(served.proxy.address);
  client.send('hello');
  await (await backend.accepted(1)).untilHas('hello');
  await expect.poll(() => served.faults.length).toBe(1);
  expect(client.text).toBe('');
  served.proxy.setRules([]);
  await client.untilHas('hello');
});

test('the same bytes are corrupted again with the same seed', async () => {
  const seen: string[] = [];
  for (const protocol of ['tcp', 'http']) {
    for (const seed of [1, 1, 2]) {
      await using backend = await startHttpBackend();
      const garble = rule('garble', 'error', { inject: 8 });
      await using served = await startTestProxy(protocol, backend.address, [garble], { seed });
      const client = await dial(served.proxy.address);
      client.send(get('/'));
      await client.until((text) => text.length === 42);
      seen.push(client.text);
    }
  }
  const [one, two, three] = seen;
  expect(one).toBe(two);
  expect(one).not.toBe(three);
  expect(new Set(seen).size).toBe(4);
});
