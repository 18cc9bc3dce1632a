import { expect, test } from 'vitest';
import { standstill } from '../../proxy/peers.test.support.ts';
import { betweenPeers, on, SERIAL } from './line-protocol.test.fixture.ts';

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

test('a serial protocol has no bytes between requests: from there on it is not understood', async () => {
  await using peers = await betweenPeers([], SERIAL);
  const { client } = peers;
  client.send('GO 1\n');
  const server = await peers.server();
  await server.untilHas('GO 1\n');
  server.send('?\nOK 1\n');
  await client.untilHas('OK 1\n');
  client.send('asked for\n');
  await server.untilHas('asked for\n');
  expect(peers.served.proxy.stats).toMatchObject({ opaque: 1, requests: 1 });
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
