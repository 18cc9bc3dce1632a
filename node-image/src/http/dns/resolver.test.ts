import { expect, test } from 'vitest';
import { clientOf, serve } from '../servers.test.fixture.ts';
import { Resolver, resolverOf } from './resolver.ts';

/** A name server whose answers are counted; `nowhere` is not found. */
function names(...addresses: readonly string[]) {
  const asked: string[] = [];
  const find = async (hostname: string): Promise<{ address: string; family: 4 }[]> => {
    asked.push(hostname);
    await Promise.resolve();
    if (hostname === 'nowhere') throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    return addresses.map((address) => ({ address, family: 4 }));
  };
  return { asked, find };
}

async function taken(resolver: Resolver, times: number): Promise<readonly string[]> {
  const all: string[] = [];
  for (let i = 0; i < times; i += 1) all.push((await resolver.addresses('h')).map(({ address }) => address).join());
  return all;
}

test('each address in turn, at random, or all of them', async () => {
  const { find } = names('1', '2', '3');
  const now = (): number => 0;
  expect(await taken(new Resolver({ select: 'round-robin' }, find, now), 5)).toEqual(['1', '2', '3', '1', '2']);
  const draws = [0.99, 0, 0.5];
  expect(await taken(new Resolver({ select: 'random' }, find, now, () => draws.shift() ?? 0), 3)).toEqual([
    '3',
    '1',
    '2',
  ]);
  expect(await taken(new Resolver({}, find, now), 2)).toEqual(['1,2,3', '1,2,3']);
});

test.each([
  // Anew for each connection.
  [0, 4],
  // Kept for 10 ms, of which each step takes 4.
  [10, 2],
  // Pinned.
  [Number.POSITIVE_INFINITY, 1],
])('with a ttl of %d ms, four connections ask %i times', async (ttlMs, times) => {
  const { asked, find } = names('1', '2');
  let nowMs = 0;
  const resolver = new Resolver({ ttlMs, select: 'round-robin' }, find, () => nowMs);
  const got: string[] = [];
  for (let i = 0; i < 4; i += 1) {
    got.push(...(await taken(resolver, 1)));
    nowMs += 4;
  }
  expect(asked).toHaveLength(times);
  expect(got).toEqual(['1', '2', '1', '2']);
});

test('those who ask at once wait for one look-up, and what was not found is asked for again', async () => {
  const { asked, find } = names('1');
  const resolver = new Resolver({ ttlMs: 1000 }, find, () => 0);
  await Promise.all([resolver.addresses('h'), resolver.addresses('h')]);
  expect(asked).toEqual(['h']);
  await expect(resolver.addresses('nowhere')).rejects.toThrow('not found');
  await expect(resolver.addresses('nowhere')).rejects.toThrow('not found');
  expect(asked).toEqual(['h', 'nowhere', 'nowhere']);
});

test('workers share a resolver with the same options', () => {
  expect(resolverOf({ ttlMs: 7 })).toBe(resolverOf({ ttlMs: 7, select: undefined }));
  expect(resolverOf({ ttlMs: 7 })).not.toBe(resolverOf({ ttlMs: 8 }));
});

test('connections go to addresses that the resolver gives', async () => {
  await using server = await serve((request, response) => response.end(request.headers.host));
  const url = server.url.replace('127.0.0.1', 'localhost');
  for (const dns of [
    { family: 4, select: 'round-robin' },
    { ttlMs: Number.POSITIVE_INFINITY, family: 4 },
  ] as const) {
    const { http, samples } = clientOf(url, { dns });
    await using _ = http;
    expect(await (await http.get('/')).text()).toBe(new URL(url).host);
    expect(samples[0]?.opening?.lookupMs).toBeGreaterThanOrEqual(0);
  }
  const { http } = clientOf('http://nowhere.invalid', { dns: { ttlMs: 1000 } });
  await using _ = http;
  await expect(http.get('/')).rejects.toMatchObject({ failure: 'dns' });
});
