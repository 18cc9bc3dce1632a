import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { dial, get, rule, startEcho, startHttpBackend, startTestProxy } from './peers.test.support.ts';

const REFUSE = rule('dark', 'blackout', { mode: 'refuse' });

/** `ok`, or the code of the error. */
async function attempt(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return 'ok';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    socket.destroy();
  }
}

test('new connections are refused while the rule is in force, and taken again on the same port', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address);
  const { proxy, faults } = served;
  const { port } = proxy.address;
  for (const round of [1, 2]) {
    proxy.setRules([REFUSE]);
    await expect.poll(() => attempt(port)).toBe('ECONNREFUSED');
    proxy.setRules([REFUSE, rule('other', 'delay')]);
    expect(await attempt(port)).toBe('ECONNREFUSED');
    expect(faults.length).toBe(round);
    proxy.setRules([]);
    await expect.poll(() => attempt(port)).toBe('ok');
    expect(proxy.address.port).toBe(port);
    const client = await dial(proxy.address);
    await client.send('back').untilHas('back');
    client.socket.end();
    await expect.poll(() => proxy.stats.connectionsOpen).toBe(0);
  }
  expect(faults).toMatchObject([
    { id: '0-web-0-0-dark', rule: 'dark', behavior: 'blackout', point: 'connection', connection: 0, request: 0 },
    { id: '0-web-0-0-dark-2' },
  ]);
  expect(proxy.stats.faults).toBe(2);
});

test('an open tcp connection is cut; one of requests is with its next one', async () => {
  await using backend = await startHttpBackend();
  await using raw = await startTestProxy('tcp', backend.address);
  await using http = await startTestProxy('http', backend.address);
  const clients = [await dial(raw.proxy.address), await dial(http.proxy.address)] as const;
  for (const client of clients) await client.send(get('/')).untilHas('ok 1');
  raw.proxy.setRules([REFUSE]);
  http.proxy.setRules([REFUSE]);
  expect(await clients[0].outcome).toBe('rst');
  clients[1].send(get('/'));
  expect(await clients[1].outcome).toBe('rst');
  // The refusal is one fault, and each connection that is cut is another.
  expect(raw.faults.map(({ connection }) => connection).sort()).toEqual([0, 1]);
  expect(http.faults.map(({ connection, request }) => [connection, request])).toEqual([
    [0, 0],
    [1, 2],
  ]);
});

test.each([
  ['a share', { ...REFUSE, behaviors: REFUSE.behaviors.map((one) => ({ ...one, percent: 99.999 })) }],
  ['some clients', { ...REFUSE, match: { client: '127.0.0.1' } }],
])('where %s is to be refused, the proxy listens, and resets', async (_, some) => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address, [some]);
  expect(await (await dial(served.proxy.address)).outcome).toBe('rst');
  expect(backend.peers.length).toBe(0);
});

test('a proxy that refuses from the start has its port', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address, [REFUSE]);
  const { port } = served.proxy.address;
  await expect.poll(() => attempt(port)).toBe('ECONNREFUSED');
  served.proxy.setRules([]);
  await expect.poll(() => attempt(port)).toBe('ok');
});

test('while it refuses, a proxy drains and drops its open connections too', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  await client.send(get('/')).untilHas('ok 1');
  served.proxy.setRules([REFUSE]);
  await expect.poll(() => attempt(served.proxy.address.port)).toBe('ECONNREFUSED');
  await served.proxy.drain(20);
  await client.outcome;
  expect(served.proxy.stats.connectionsOpen).toBe(0);
});
