import { expect, test } from 'vitest';
import {
  type Backend,
  dial,
  get,
  httpAnswer,
  startBackend,
  startHttpBackend,
  startTestProxy,
} from './peers.test.support.ts';
import type { ProxyOptions } from './start-proxy.ts';

const REUSE = { protocolOptions: { reuse_socket: true } };

/** A backend that says this to every piece that it gets. */
function startSaying(answer: string): Promise<Backend> {
  return startBackend((peer) => {
    peer.socket.on('data', () => peer.send(answer));
    peer.socket.on('end', () => peer.socket.end());
  });
}

/** How many connections a backend sees of two clients, of which the second comes when the first has gone. */
async function connectionsFor(
  protocol: string,
  backend: Backend,
  {
    ask,
    until,
    leave = 'end',
    ...more
  }: { ask: string; until: string; leave?: 'end' | 'reset' } & Partial<ProxyOptions>,
): Promise<number> {
  await using served = await startTestProxy(protocol, backend.address, [], { ...REUSE, ...more });
  for (const _ of [1, 2]) {
    const client = await dial(served.proxy.address);
    await client.send(ask).untilHas(until);
    if (leave === 'end') client.socket.end();
    else client.socket.resetAndDestroy();
    await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  }
  expect(served.proxy.stats.connectionsAccepted).toBe(2);
  return backend.peers.length;
}

test.each([
  ['http', get('/'), httpAnswer('fine'), 'fine'],
  ['redis', '*1\r\n$4\r\nPING\r\n', '+PONG\r\n', 'PONG'],
  ['memcache', 'get a\r\n', 'END\r\n', 'END'],
] as const)(
  '%s: a clean backend connection serves the next client, however the first one left',
  async (protocol, ask, answer, until) => {
    for (const leave of ['end', 'reset'] as const) {
      await using backend = await startSaying(answer);
      expect(await connectionsFor(protocol, backend, { ask, until, leave })).toBe(1);
    }
  },
);

test.each([
  ['the client asked for an end', 'http', get('/', 'Connection: close'), httpAnswer('fine'), 'fine'],
  [
    'the backend announced its end',
    'http',
    get('/'),
    `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nfine`,
    'fine',
  ],
  ['the connection was logged in', 'http', get('/', 'Authorization: NTLM TlRM'), httpAnswer('fine'), 'fine'],
  ['the answer lasts until the end', 'http', get('/'), 'HTTP/1.1 200 OK\r\n\r\nfine', 'fine'],
  ['more came than was asked for', 'http', get('/'), `${httpAnswer('fine')}more`, 'more'],
  ['a request is not whole', 'http', `${get('/')}GET /half`, httpAnswer('fine'), 'fine'],
  ['the connection was set up', 'redis', '*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n', '+OK\r\n', 'OK'],
  ['keys are watched', 'redis', '*2\r\n$5\r\nWATCH\r\n$1\r\na\r\n', '+OK\r\n', 'OK'],
  ['a quiet command may still be answered', 'memcache', 'set a 0 0 1 noreply\r\nx\r\nget a\r\n', 'END\r\n', 'END'],
  ['nobody knows where bytes end', 'tcp', 'ask', 'answer', 'answer'],
] as const)('a connection is closed, not kept, where %s', async (_, protocol, ask, answer, until) => {
  await using backend = await startSaying(answer);
  expect(await connectionsFor(protocol, backend, { ask, until, leave: 'reset' })).toBe(2);
  for (const { outcome } of backend.peers) expect(['fin', 'rst']).toContain(await outcome);
});

test('without reuse_socket every client has a connection of its own', async () => {
  await using backend = await startHttpBackend();
  expect(await connectionsFor('http', backend, { ask: get('/'), until: 'ok', protocolOptions: {} })).toBe(2);
});

test('an answer that comes when its client has gone reaches nobody', async () => {
  await using backend = await startBackend(() => {});
  await using served = await startTestProxy('http', backend.address, [], REUSE);
  const first = await dial(served.proxy.address);
  first.send(get('/secret'));
  const asked = await backend.accepted(1);
  await asked.untilHas('/secret');
  first.socket.resetAndDestroy();
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  asked.send(httpAnswer('secret'));
  const second = await dial(served.proxy.address);
  second.send(get('/'));
  const other = await backend.accepted(2);
  await other.untilHas('GET /');
  other.send(httpAnswer('mine'));
  expect(await second.untilHas('mine')).not.toContain('secret');
});

test('a backend that ends, or speaks on, a connection that waits loses it', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [], REUSE);
  const turn = async (): Promise<void> => {
    const client = await dial(served.proxy.address);
    await client.send(get('/')).untilHas('ok 1');
    client.socket.end();
    await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  };
  await turn();
  backend.peers[0]?.socket.end();
  await backend.peers[0]?.outcome;
  await turn();
  backend.peers[1]?.send(httpAnswer('for nobody'));
  await backend.peers[1]?.outcome;
  await turn();
  expect(backend.peers.length).toBe(3);
});

test('a connection that is too old, or leads elsewhere, is not kept', async () => {
  await using backend = await startHttpBackend();
  await using elsewhere = await startHttpBackend();
  let nowMs = 0;
  const more = { ...REUSE, limits: { poolMs: 1000 }, now: () => nowMs };
  await using served = await startTestProxy('http', backend.address, [], more);
  const turn = async (answer: string): Promise<void> => {
    const client = await dial(served.proxy.address);
    await client.send(get('/')).untilHas(answer);
    client.socket.end();
    await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  };
  await turn('ok 1');
  nowMs = 900;
  await turn('ok 2');
  nowMs = 1800;
  await turn('ok 3');
  await backend.peers[0]?.outcome;
  await turn('ok 1');
  expect(backend.peers.length).toBe(2);
  served.proxy.setBackend(elsewhere.address);
  await turn('ok 1');
  expect(elsewhere.peers.length).toBe(1);
});

test('a connection that waits longer than it may is closed', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [], { ...REUSE, limits: { poolMs: 60 } });
  const client = await dial(served.proxy.address);
  await client.send(get('/')).untilHas('ok 1');
  client.socket.end();
  expect(await backend.peers[0]?.outcome).toBe('fin');
});

test.each([false, true])('keep_alive: false ends the connection after one answer; reuse_socket: %s', async (reuse) => {
  await using backend = await startHttpBackend();
  const protocolOptions = { keep_alive: false, reuse_socket: reuse };
  await using served = await startTestProxy('http', backend.address, [], { protocolOptions });
  for (const turn of [1, 2]) {
    const client = await dial(served.proxy.address);
    client.send(get('/one') + get('/two'));
    expect(await client.outcome).toBe('fin');
    expect(client.text).toBe(httpAnswer(`ok ${reuse ? turn : 1}`));
    client.socket.end();
  }
  expect(backend.peers.length).toBe(reuse ? 1 : 2);
  expect(backend.peers.map(({ text }) => text).join('')).not.toContain('/two');
});

test('redis: keep_alive: false does not count what sets the connection up', async () => {
  await using backend = await startSaying('+OK\r\n');
  await using served = await startTestProxy('redis', backend.address, [], { protocolOptions: { keep_alive: false } });
  const client = await dial(served.proxy.address);
  await client.send('SELECT 3\r\n').untilHas('OK');
  client.send('SET a 1\r\n');
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe('+OK\r\n+OK\r\n');
});
