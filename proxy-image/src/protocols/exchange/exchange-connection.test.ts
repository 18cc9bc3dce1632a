import { expect, test } from 'vitest';
import {
  dial,
  type Peer,
  rule,
  standstill,
  startBackend,
  startTestProxy,
  type TestProxy,
} from '../../proxy/peers.test.support.ts';
import type { Rule } from '../../proxy/rule.ts';
import { answerTo, GREETING, LINE, SERIAL, startLineBackend } from './line-protocol.test.fixture.ts';

const MIB = 1024 * 1024;

/** A rule that hits one word only. */
function on(operation: string, behavior: string, options: Record<string, unknown> = {}): Rule {
  return { ...rule(operation, behavior, options), match: { operation } };
}

/** A proxy before a backend that the test plays itself. */
async function betweenPeers(
  rules: readonly Rule[],
  protocol: string = LINE,
): Promise<AsyncDisposable & { client: Peer; server: () => Promise<Peer>; served: TestProxy }> {
  await using stack = new AsyncDisposableStack();
  const backend = stack.use(await startBackend(() => {}));
  const served = stack.use(await startTestProxy(protocol, backend.address, rules));
  const client = await dial(served.proxy.address);
  const all = stack.move();
  return { client, server: () => backend.accepted(1), served, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

test('an injected answer waits for the answers before it', async () => {
  await using peers = await betweenPeers([on('BAD', 'error')]);
  const { client } = peers;
  client.send('BAD 1\nGO 2\nBAD 3\nBAD 4\nGO 5\nBAD 6\n');
  const server = await peers.server();
  await server.until((text) => text === 'GO 2\nGO 5\n');
  expect(client.text).toBe('ERR 0-web-1-1\n');
  server.send('OK two');
  await client.untilHas('two');
  expect(client.text).not.toContain('0-web-1-3');
  server.send('\n');
  await client.untilHas('0-web-1-4\n');
  expect(client.text).not.toContain('0-web-1-6');
  server.send('OK five\n');
  await client.untilHas('0-web-1-6\n');
  expect(client.text).toBe('ERR 0-web-1-1\nOK two\nERR 0-web-1-3\nERR 0-web-1-4\nOK five\nERR 0-web-1-6\n');
});

test('nothing is read, judged or forwarded behind a request that ends the connection', async () => {
  for (const last of [on('END', 'blackout'), on('END', 'hang', { max: 1 }), on('END', 'error', { code: 'bye' })]) {
    await using peers = await betweenPeers([last, on('BAD', 'error')]);
    const { client } = peers;
    client.send('GO 1\nEND 2\nBAD 3\nGO 4\n');
    const server = await peers.server();
    await server.untilHas('GO 1\n');
    client.send('GO 5\n');
    server.send('OK one\n');
    await client.outcome;
    expect(client.text).toMatch(/^OK one\n(ERR 0-web-1-2\n)?$/);
    expect(server.text).toBe('GO 1\n');
    expect(peers.served.faults.map(({ request }) => request)).toEqual([2]);
  }
});

test.each([
  ['nothing', [], 'OK done\n'],
  ['a held answer', [on('ASK', 'delay', { sleep: '5ms', before: false })], 'OK done\n'],
  ['a held request', [on('ASK', 'delay', { sleep: '5ms' })], 'OK done\n'],
  ['an error in the place of the answer', [on('ASK', 'error', { point: 'forwarded' })], 'ERR 0-web-1-1\n'],
  ['an abort', [on('ASK', 'abort', { after: 3 })], 'OK '],
])('a client that the backend asks for more continues, under %s', async (_, rules, answer) => {
  await using peers = await betweenPeers(rules);
  const { client } = peers;
  client.send('ASK\n');
  const server = await peers.server();
  await server.untilHas('ASK\n');
  server.send('?');
  await client.send('').untilHas('?');
  server.send('\n');
  await client.untilHas('?\n');
  client.send('the an');
  await server.untilHas('the an');
  client.send('swer\nGO 2\n');
  await server.untilHas('the answer\n');
  server.send('OK done\n');
  await client.until((text) => text.startsWith(`?\n${answer}`));
});

test('what the codec wants instead goes out, its answer is swallowed, and the order is kept', async () => {
  await using backend = await startLineBackend();
  await using served = await startTestProxy(LINE, backend.address, [rule('all', 'delay', { sleep: 0 })]);
  const client = await dial(served.proxy.address);
  client.send('GO 1\nSWAP 2\nSKIP 3\nGO 4\nSKIP 5\nSKIP 6\nSWAP 7\nGO 8\n');
  await client.untilHas('GO 8');
  expect(client.text).toBe('OK GO 1\nINSTEAD\nINSTEAD\nOK GO 4\nINSTEAD\nINSTEAD\nINSTEAD\nOK GO 8\n');
  expect(backend.peers[0]?.text).toBe('GO 1\nSWAPPED 2\nGO 4\nSWAPPED 7\nGO 8\n');
  expect(served.proxy.stats.requests).toBe(3);
});

test('what the backend says unasked passes at once, whatever stands in the queue', async () => {
  await using peers = await betweenPeers([
    on('BAD', 'error'),
    on('SLOW', 'delay', { sleep: '1h' }),
    on('DATA', 'error'),
  ]);
  const { client } = peers;
  client.send('GO 1\nBAD 2\n');
  const server = await peers.server();
  server.send('* one\n');
  await client.until((text) => text === '* one\n');
  server.send('OK\n');
  await client.until((text) => text === '* one\nOK\nERR 0-web-1-2\n');
  client.send('DATA 4\nab');
  await expect.poll(() => peers.served.faults.length).toBe(2);
  await server.send('* two\n');
  await client.untilHas('* two\n');
  await client.send('cdSLOW\n').untilHas('0-web-1-3\n');
  await expect.poll(() => peers.served.faults.length).toBe(3);
  await server.send('* three\n');
  await client.untilHas('* three\n');
});

test('a greeting comes before the client speaks, and a fault after it', async () => {
  await using backend = await startBackend((peer) => peer.send('* hello\n'));
  await using served = await startTestProxy(GREETING, backend.address, [rule('bad', 'error')]);
  const client = await dial(served.proxy.address);
  await client.untilHas('* hello\n');
  expect(await client.send('GO\n').untilHas('ERR')).toBe('* hello\nERR 0-web-1-1\n');
  expect(backend.peers[0]?.text).toBe('');
});

test('a backend that ends within an answer ends the client, and no other answer comes after it', async () => {
  await using peers = await betweenPeers([on('BAD', 'error')]);
  const { client } = peers;
  client.send('GO 1\nBAD 2\n');
  const server = await peers.server();
  await server.untilHas('GO 1\n');
  server.socket.end('OK ha');
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe('OK ha');
});

test('a backend that ends before it answers leaves room for the errors that are due', async () => {
  await using peers = await betweenPeers([on('BAD', 'error', { point: 'forwarded' }), on('NO', 'error')]);
  const { client } = peers;
  client.send('BAD 1\nBAD 2\nNO 3\n');
  const server = await peers.server();
  await server.untilHas('BAD 2\n');
  server.socket.end();
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe('ERR 0-web-1-1\nERR 0-web-1-2\nERR 0-web-1-3\n');
});

test.each([LINE, SERIAL])(
  '%s: a backend that ends leaves a request that is answered here its answer',
  async (protocol) => {
    await using peers = await betweenPeers([on('DATA', 'error')], protocol);
    const { client } = peers;
    client.send('GO 1\n');
    const server = await peers.server();
    await server.untilHas('GO 1\n');
    await server.send('OK\n');
    await client.untilHas('OK\n');
    client.send('DATA 4\nab');
    await expect.poll(() => peers.served.faults.length).toBe(1);
    server.socket.end();
    await expect.poll(() => server.socket.writableFinished).toBe(true);
    client.send('cd');
    expect(await client.outcome).toBe('fin');
    expect(client.text).toBe('OK\nERR 0-web-1-2\n');
    expect(server.text).toBe('GO 1\n');
  },
);

test('a backend that resets takes the client with it, whatever is due', async () => {
  await using peers = await betweenPeers([on('BAD', 'error')]);
  peers.client.send('GO 1\nBAD 2\n');
  const server = await peers.server();
  await server.untilHas('GO 1\n');
  server.socket.resetAndDestroy();
  expect(await peers.client.outcome).toBe('rst');
});

test('a client that has ended still gets every answer', async () => {
  await using backend = await startLineBackend();
  const rules = [on('BAD', 'error'), on('SLOW', 'delay', { sleep: '20ms' })];
  await using served = await startTestProxy(LINE, backend.address, rules);
  const client = await dial(served.proxy.address);
  client.socket.end('GO 1\nBAD 2\nSLOW 3\nBAD 4\nGO 5\n');
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe('OK GO 1\nERR 0-web-1-2\nOK SLOW 3\nERR 0-web-1-4\nOK GO 5\n');
});

test.each(['', 'GO 1\n'])(
  'a client that ends within a request that is answered here gets the answer: %j',
  async (before) => {
    await using backend = await startLineBackend();
    await using served = await startTestProxy(LINE, backend.address, [on('DATA', 'error')]);
    const client = await dial(served.proxy.address);
    client.socket.end(`${before}DATA 100\nhalf`);
    expect(await client.outcome).toBe('fin');
    expect(client.text).toBe(`${before && answerTo(before)}ERR 0-web-1-${before ? 2 : 1}\n`);
    await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  },
);

test('what is not understood passes, behind what is understood', async () => {
  await using peers = await betweenPeers([on('BAD', 'error')]);
  const { client } = peers;
  client.send('GO 1\nRAW\nBAD 2\n');
  const server = await peers.server();
  await server.until((text) => text === 'GO 1\nRAW\nBAD 2\n');
  server.send('anything');
  await client.until((text) => text === 'anything');
  expect(peers.served.proxy.stats).toMatchObject({ opaque: 1, requests: 1 });
});

test('a client that is not understood behind errors that are due gets those, and an end', async () => {
  await using peers = await betweenPeers([on('BAD', 'error'), on('LOSE', 'error', { point: 'forwarded' })]);
  const { client } = peers;
  client.send('GO 1\nBAD 2\nLOSE 3\nRAW\nsecret\n');
  const server = await peers.server();
  await server.until((text) => text === 'GO 1\nLOSE 3\n');
  server.send('OK 1\nOK 3\n');
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe('OK 1\nERR 0-web-1-2\nERR 0-web-1-3\n');
  expect(server.text).not.toContain('secret');
});

test('a held request goes on when the backend is not understood any more', async () => {
  await using peers = await betweenPeers([on('SLOW', 'delay', { sleep: '1h' })]);
  const { client } = peers;
  client.send('GO 1\nSLOW 2\nGO 3\n');
  const server = await peers.server();
  await expect.poll(() => peers.served.faults.length).toBe(1);
  server.send('OK one\nRAW\nrest');
  await client.until((text) => text === 'OK one\nRAW\nrest');
  await server.until((text) => text === 'GO 1\nSLOW 2\nGO 3\n');
  expect(peers.served.proxy.stats.opaque).toBe(1);
});

test('what waits behind a held answer keeps its order when it is not understood', async () => {
  await using peers = await betweenPeers([on('SLOW', 'delay', { sleep: '1h', before: false })]);
  const { client } = peers;
  client.send('SLOW 1\n');
  const server = await peers.server();
  await server.untilHas('SLOW 1\n');
  server.send('OK one\nRAW\n1');
  await expect.poll(() => peers.served.faults.length).toBe(1);
  for (const part of ['2', '3', '4']) {
    server.send(part);
    await standstill(() => server.socket.bytesWritten);
  }
  server.socket.end('5');
  peers.served.proxy.setRules([]);
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe('OK one\nRAW\n12345');
});

test('the answer that a client was not to see does not show when the backend is not understood', async () => {
  await using peers = await betweenPeers([on('BAD', 'error', { point: 'forwarded' })]);
  const { client } = peers;
  client.send('BAD 1\n');
  const server = await peers.server();
  await server.untilHas('BAD 1\n');
  server.send('RAW\nsecret\n');
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe('ERR 0-web-1-1\n');
});

test('the end of a rule frees what is held, and resets what hangs, also what had to wait for its turn', async () => {
  const rules = [on('SLOW', 'delay', { sleep: '1h', before: false }), on('HANG', 'hang')];
  await using peers = await betweenPeers(rules);
  const { client } = peers;
  client.send('SLOW 1\nSLOW 2\nHANG 3\n');
  const server = await peers.server();
  await server.until((text) => text === 'SLOW 1\nSLOW 2\n');
  server.send('OK 1\n');
  await expect.poll(() => peers.served.faults.length).toBe(3);
  peers.served.proxy.setRules([]);
  await client.until((text) => text === 'OK 1\n');
  server.send('OK 2\n');
  expect(await client.outcome).toBe('rst');
  expect(client.text).toBe('OK 1\nOK 2\n');
});

test('requests behind a held one wait with it, and the backend is not kept waiting for answers', async () => {
  await using peers = await betweenPeers([on('SLOW', 'delay', { sleep: '1h' })]);
  const { client } = peers;
  client.send('GO 1\nSLOW 2\nGO 3\n');
  const server = await peers.server();
  await expect.poll(() => peers.served.faults.length).toBe(1);
  expect(server.text).toBe('GO 1\n');
  server.send('OK 1\n');
  await client.untilHas('OK 1\n');
  peers.served.proxy.setRules([]);
  await server.until((text) => text === 'GO 1\nSLOW 2\nGO 3\n');
});

test('a client that takes no answers is not read on, though all of them are given here', async () => {
  await using backend = await startLineBackend();
  const rules = [rule('bad', 'error', { message: 'x'.repeat(1000) })];
  await using served = await startTestProxy(LINE, backend.address, rules);
  const client = await dial(served.proxy.address);
  client.socket.pause();
  const requests = 400_000;
  client.send('GO\n'.repeat(requests));
  // What the buffers of two sockets take, and the answers to what was read at once.
  expect(await standstill(() => served.proxy.stats.bytesToClient)).toBeLessThan(150 * MIB);
  expect(served.proxy.stats.requests).toBeLessThan(requests / 2);
  client.socket.resume();
  await client.until(() => served.proxy.stats.requests === requests);
});

test('a backend that takes requests and does not answer gets a bounded number of them', async () => {
  await using peers = await betweenPeers([]);
  peers.client.send('GO\n'.repeat(100_000));
  const server = await peers.server();
  expect(await standstill(() => server.text.length)).toBe('GO\n'.repeat(10_000).length);
  server.send('OK\n'.repeat(2));
  await server.until((text) => text.length === 'GO\n'.repeat(10_002).length);
});

test.each([
  ['request', on('DATA', 'delay', { sleep: '1h' })],
  ['answer', on('DATA', 'delay', { sleep: '1h', before: false })],
])('a held %s holds the one who sends more back', async (kind, held) => {
  await using peers = await betweenPeers([held]);
  const { client, served } = peers;
  const much = Buffer.alloc(64 * MIB, 'x');
  client.send(`DATA ${kind === 'request' ? much.length : 0}\n`);
  if (kind === 'request') {
    client.send(much);
    await expect.poll(() => served.faults.length).toBe(1);
    expect(await standstill(() => client.socket.writableLength)).toBeGreaterThan(32 * MIB);
    served.proxy.setRules([]);
    const server = await peers.server();
    await server.until(() => server.bytes.length > much.length);
  } else {
    const server = await peers.server();
    await server.untilHas('DATA');
    server.send(`BULK ${much.length}\n`).send(much);
    await expect.poll(() => served.faults.length).toBe(1);
    expect(await standstill(() => server.socket.writableLength)).toBeGreaterThan(32 * MIB);
    expect(client.bytes.length).toBe(0);
    served.proxy.setRules([]);
    await client.until(() => client.bytes.length > much.length);
  }
});

test.each(['client', 'backend'])('a slow %s holds the other side back', async (slow) => {
  await using peers = await betweenPeers([]);
  const { client, served } = peers;
  const much = Buffer.alloc(64 * MIB, 'x');
  client.send('GO\n');
  const server = await peers.server();
  await server.untilHas('GO');
  if (slow === 'client') {
    client.socket.pause();
    server.send(`BULK ${much.length}\n`).send(much);
    expect(await standstill(() => served.proxy.stats.bytesToClient)).toBeLessThan(32 * MIB);
    client.socket.resume();
    await client.until(() => client.bytes.length > much.length);
  } else {
    server.socket.pause();
    client.send(`DATA ${much.length}\n`).send(much);
    expect(await standstill(() => served.proxy.stats.bytesToBackend)).toBeLessThan(32 * MIB);
    server.socket.resume();
    await server.until(() => server.bytes.length > much.length);
  }
});
