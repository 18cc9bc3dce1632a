import { expect, test } from 'vitest';
import { dial, rule, startBackend, startTestProxy } from '../../proxy/peers.test.support.ts';
import { betweenPeers, GREETING, LINE, on, startLineBackend } from './line-protocol.test.fixture.ts';

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
  await server.untilHas('GO 1\n');
  await expect.poll(() => peers.served.faults.length).toBe(1);
  expect(server.text).toBe('GO 1\n');
  server.send('OK 1\n');
  await client.untilHas('OK 1\n');
  peers.served.proxy.setRules([]);
  await server.until((text) => text === 'GO 1\nSLOW 2\nGO 3\n');
});
