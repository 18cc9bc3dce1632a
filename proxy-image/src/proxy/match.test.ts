import { expect, test } from 'vitest';
import { dial, get, rule, startHttpBackend, startTestProxy } from './peers.test.support.ts';
import type { Rule } from './rule.ts';

const FAILS = rule('bad', 'error', { code: 503 });

/** The requests that fail, by their number, when these requests are sent on one connection. */
async function failing(bad: Rule, requests: readonly string[]): Promise<number[]> {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [bad]);
  const client = await dial(served.proxy.address);
  client.send(requests.join(''));
  const text = await client.until((so) => so.split('HTTP/1.1 ').length - 1 === requests.length);
  const codes = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code);
  const failed = codes.flatMap((code, i) => (code === '503' ? [i + 1] : []));
  expect(served.faults.map(({ request }) => request)).toEqual(failed);
  return failed;
}

test.each<[string, Rule['match'], number[]]>([
  ['nothing said', {}, [1, 2, 3, 4, 5, 6]],
  ['an operation', { operation: 'GET /items' }, [1]],
  ['a glob', { operation: 'get /items*' }, [1, 2, 3]],
  ['a field', { header: { 'x-user': 'ann' } }, [2, 5]],
  ['the client', { client: '127.0.0.0/8' }, [1, 2, 3, 4, 5, 6]],
  ['another client', { client: '10.0.0.0/8' }, []],
  ['every second', { every: 2 }, [2, 4, 6]],
  ['every second of some', { operation: '* /items*', every: 2 }, [2, 4]],
  ['all of it', { operation: 'GET *', client: '127.0.0.1', header: { 'x-user': 'ann' }, every: 1 }, [2]],
])('a rule that selects by %s', async (_, match, expected) => {
  const requests = [
    get('/items'),
    get('/items/1', 'X-User: ann'),
    get('/items/2?q=1', 'X-User: bob'),
    'POST /items HTTP/1.1\r\n\r\n',
    'POST /cart HTTP/1.1\r\nX-USER: joann\r\n\r\n',
    get('/cart'),
  ];
  expect(await failing({ ...FAILS, match }, requests)).toEqual(expected);
});

test('every nth is drawn again when it has its turn, and passes when the draw falls beside', async () => {
  const share = { ...rule('bad', 'error', { code: 503 }, 50), match: { every: 2 } };
  const failed = await failing(
    share,
    Array.from({ length: 200 }, () => get('/')),
  );
  expect(failed.every((number) => number % 2 === 0)).toBe(true);
  // 50 expected, standard deviation 5.
  expect(failed.length).toBeGreaterThan(29);
  expect(failed.length).toBeLessThan(71);
});

test('every nth of a rule whose scope is the connection counts connections', async () => {
  await using backend = await startHttpBackend();
  const bad: Rule = { ...FAILS, scope: 'connection', match: { operation: 'GET /items', every: 3 } };
  await using served = await startTestProxy('http', backend.address, [bad]);
  for (let i = 1; i <= 7; i++) {
    const client = await dial(served.proxy.address);
    client.send(get('/other') + (i === 2 ? '' : get('/items').repeat(3)));
    await client.until((text) => text.split('HTTP/1.1 ').length - 1 === (i === 2 ? 1 : 4));
    client.socket.destroy();
  }
  // The second connection has no request that the rest selects, and so no turn.
  expect(served.faults.map(({ connection, request }) => [connection, request])).toEqual(
    [4, 7].flatMap((connection) => [2, 3, 4].map((request) => [connection, request])),
  );
});

test('a rule whose scope is the connection hits all of its requests, or none', async () => {
  await using backend = await startHttpBackend();
  const bad: Rule = { ...rule('bad', 'error', { code: 503 }, 50), scope: 'connection' };
  await using served = await startTestProxy('http', backend.address, [bad]);
  const connections = 40;
  for (let i = 0; i < connections; i++) {
    const client = await dial(served.proxy.address);
    client.send(get('/').repeat(4));
    await client.until((text) => text.split('HTTP/1.1 ').length - 1 === 4);
    client.socket.destroy();
  }
  const hit = Map.groupBy(served.faults, ({ connection }) => connection);
  for (const faults of hit.values()) {
    expect(faults.map(({ request }) => request)).toEqual([1, 2, 3, 4]);
    expect(new Set(faults.map(({ id }) => id)).size).toBe(4);
  }
  // 20 expected, standard deviation 3.2.
  expect(hit.size).toBeGreaterThan(6);
  expect(hit.size).toBeLessThan(34);
});
