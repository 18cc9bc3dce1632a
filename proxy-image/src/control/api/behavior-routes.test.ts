import { expect, test } from 'vitest';
import { TestApi } from './api.test.support.ts';

test('the behavior is dummy until another is set, and then that with its options', async () => {
  await using api = await TestApi.start();
  expect((await api.send('GET', '/behavior')).body).toMatchObject({
    behavior: 'dummy',
    options: {},
    source: 'standing',
    version: 0,
  });
  const set = await api.send('PUT', '/behavior', { name: 'error', code: 503 });
  expect(set.status).toBe(200);
  expect(set.body).toMatchObject({
    status: 'ok',
    behavior: 'error',
    options: { code: 503 },
    source: 'live',
    version: 1,
  });
  expect((await api.send('GET', '/behavior')).body).toMatchObject({ behavior: 'error', options: { code: 503 } });
  expect(await api.ask()).toBe(503);
  expect((await api.send('DELETE', '/behavior')).body).toMatchObject({ status: 'ok', behavior: 'dummy', version: 2 });
  expect(await api.ask()).toBe(200);
});

test('the same routes stand below the name and the port of a proxy', async () => {
  await using api = await TestApi.start();
  for (const prefix of ['/proxies/web', `/${api.proxy.address.port}`]) {
    expect((await api.send('PUT', `${prefix}/behavior`, { name: 'error', code: 502 })).status).toBe(200);
    expect((await api.send('GET', `${prefix}/behavior`)).body).toMatchObject({ behavior: 'error' });
    expect((await api.send('GET', prefix)).body).toMatchObject({ name: 'web', behavior: { behavior: 'error' } });
    await api.send('DELETE', `${prefix}/behavior`);
  }
});

test.each(['text/plain', 'application/x-www-form-urlencoded', ''])(
  'the type %j of a body does not matter',
  async (type) => {
    await using api = await TestApi.start();
    const headers: Record<string, string> = type === '' ? {} : { 'Content-Type': type };
    expect((await api.send('PUT', '/behavior', '{"name": "error"}', headers)).status).toBe(200);
  },
);

test.each([
  ['not json', [['', /^expected JSON: /]]],
  ['', [['', /^expected JSON: /]]],
  ['[1]', [['', /^expected a JSON object$/]]],
  [{}, [['name', /^expected the name of a behavior/]]],
  [{ name: 'dealy' }, [['name', /^'dealy' is no behavior; did you mean 'delay'\?/]]],
  [{ name: '60:delay,50:error' }, [['name', /^The behavior total needs to be 100 or less/]]],
  [
    { name: 'delay', slep: 1, sleep: 'soon', ttl: 'x', scope: 'all', match: { every: 0, client: 'me' } },
    [
      ['ttl', /expected a duration/],
      ['scope', /Invalid option/],
      ['match.client', /expected an address or a network/],
      ['match.every', />=1/],
      ['slep', /'slep' is no option of 'delay'/],
      ['sleep', /expected a duration/],
    ],
  ],
  [{ name: 'error', code: 200 }, [['code', /expected a status from 400 to 599/]]],
])('%j is refused with every problem', async (body, expected) => {
  await using api = await TestApi.start();
  const { status, body: answer } = await api.send('PUT', '/behavior', body);
  expect(status).toBe(400);
  expect(answer).toEqual({
    status: 'error',
    errors: expected.map(([name, description]) => ({
      location: 'body',
      name,
      description: expect.stringMatching(description ?? ''),
    })),
  });
  expect(api.proxy.behavior.version).toBe(0);
});

test('weights work with live control: what the live share leaves falls to the configured behavior', async () => {
  await using api = await TestApi.start({ behavior: '100:error', code: 501 });
  await api.send('PUT', '/behavior', { name: '50:error', code: 503 });
  const statuses = await Promise.all(Array.from({ length: 40 }, () => api.ask()));
  expect(new Set(statuses)).toEqual(new Set([501, 503]));
  await api.send('PUT', '/behavior', { name: 'dummy' });
  expect(await api.ask()).toBe(200);
});

test('a live setting ends by itself after its ttl, and renewing puts that off without a seam', async () => {
  await using api = await TestApi.start();
  const { body } = await api.send('PUT', '/behavior', { name: 'error', ttl: '5s' });
  expect(body).toMatchObject({ expiresAtMs: api.clock.now() + 5000 });
  api.clock.pass(4999);
  expect(await api.ask()).toBeGreaterThanOrEqual(500);
  expect((await api.send('PATCH', '/behavior', { ttl: '5s' })).body).toMatchObject({ version: 1 });
  api.clock.pass(4999);
  expect(await api.ask()).toBeGreaterThanOrEqual(500);
  api.clock.pass(1);
  expect((await api.send('GET', '/behavior')).body).toMatchObject({ behavior: 'dummy', version: 2 });
  expect(await api.ask()).toBe(200);
  const late = await api.send('PATCH', '/behavior', { ttl: '5s' });
  expect([late.status, late.body]).toMatchObject([409, { errors: [{ name: 'ttl' }] }]);
});

test('setting the same again starts its counts anew', async () => {
  await using api = await TestApi.start();
  for (let round = 0; round < 2; round++) {
    await api.send('PUT', '/behavior', { name: 'transient', agitate: 1, code: 503 });
    expect([await api.ask(), await api.ask()]).toEqual([503, 200]);
  }
});

test('the list of behaviors is sorted, and has the schemas of their options', async () => {
  await using api = await TestApi.start();
  const { body } = await api.send('GET', '/behaviors');
  expect(body.behaviors).toEqual(['abort', 'blackout', 'delay', 'dummy', 'error', 'hang', 'transient']);
  expect(body.schemas).toMatchObject({
    delay: {
      description: expect.stringContaining('Holds'),
      properties: { before: { type: 'boolean', default: true } },
    },
  });
});
