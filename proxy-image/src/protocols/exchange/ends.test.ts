import { expect, test } from 'vitest';
import { dial, startTestProxy } from '../../proxy/peers.test.support.ts';
import { answerTo, betweenPeers, LINE, on, SERIAL, startLineBackend } from './line-protocol.test.fixture.ts';

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
