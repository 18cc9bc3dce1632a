import { expect, test } from 'vitest';
import { dial, rule, standstill, startTestProxy } from '../../proxy/peers.test.support.ts';
import { betweenPeers, LINE, on, startLineBackend } from './line-protocol.test.fixture.ts';

const MIB = 1024 * 1024;
/** A busy machine takes its time over this much. */
const PATIENT = { timeout: 15_000 };

test('a client that takes no answers is not read on, though all of them are given here', async () => {
  await using backend = await startLineBackend();
  const rules = [rule('bad', 'error', { message: 'x'.repeat(1000) })];
  await using served = await startTestProxy(LINE, backend.address, rules);
  const client = await dial(served.proxy.address);
  client.socket.pause();
  const requests = 60_000;
  client.send('GO\n'.repeat(requests));
  // What the buffers of two sockets take, and the answers to what was read at once.
  expect(await standstill(() => served.proxy.stats.bytesToClient)).toBeLessThan(40 * MIB);
  expect(served.proxy.stats.requests).toBeLessThan(requests / 2);
  client.socket.resume();
  await expect.poll(() => served.proxy.stats.requests, PATIENT).toBe(requests);
});

test('a backend that takes requests and does not answer gets a bounded number of them', async () => {
  await using peers = await betweenPeers([]);
  peers.client.send('GO\n'.repeat(100_000));
  const server = await peers.server();
  expect(await standstill(() => server.socket.bytesRead)).toBe(30_000);
  server.send('OK\n'.repeat(2));
  await expect.poll(() => server.socket.bytesRead, PATIENT).toBe(30_006);
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
    await expect.poll(() => server.socket.bytesRead, PATIENT).toBeGreaterThan(much.length);
  } else {
    const server = await peers.server();
    await server.untilHas('DATA');
    server.send(`BULK ${much.length}\n`).send(much);
    await expect.poll(() => served.faults.length).toBe(1);
    expect(await standstill(() => server.socket.writableLength)).toBeGreaterThan(32 * MIB);
    expect(client.bytes.length).toBe(0);
    served.proxy.setRules([]);
    await expect.poll(() => client.socket.bytesRead, PATIENT).toBeGreaterThan(much.length);
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
    await expect.poll(() => client.socket.bytesRead, PATIENT).toBeGreaterThan(much.length);
  } else {
    server.socket.pause();
    client.send(`DATA ${much.length}\n`).send(much);
    expect(await standstill(() => served.proxy.stats.bytesToBackend)).toBeLessThan(32 * MIB);
    server.socket.resume();
    await expect.poll(() => server.socket.bytesRead, PATIENT).toBeGreaterThan(much.length);
  }
});
