import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { dial, get, rule, startBackend, startEcho, startHttpBackend, startTestProxy } from './peers.test.support.ts';

test('a new backend is for new connections; open ones keep theirs', async () => {
  await using blue = await startBackend((peer) => peer.send('blue'));
  await using green = await startBackend((peer) => peer.send('green'));
  await using served = await startTestProxy('tcp', blue.address);
  const old = await dial(served.proxy.address);
  await old.untilHas('blue');
  served.proxy.setBackend(green.address);
  expect(served.proxy.backend).toEqual(green.address);
  const young = await dial(served.proxy.address);
  await young.untilHas('green');
  old.send('still here');
  await (await blue.accepted(1)).untilHas('still here');
  expect([blue.peers.length, green.peers.length]).toEqual([1, 1]);
});

test('open connections are listed, with what they did and what has hit them', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [rule('bad', 'error')], { now: () => 42 });
  const [one, two] = [await dial(served.proxy.address), await dial(served.proxy.address)];
  await one.send(get('/').repeat(2)).untilHas('0-web-1-2)');
  const client = `127.0.0.1:${one.socket.localPort}`;
  const listed = { connection: 1, client, sinceMs: 42, requests: 2, faults: ['bad'] };
  expect(served.proxy.connections()).toMatchObject([listed, { connection: 2, requests: 0, faults: [] }]);
  served.proxy.setRules([]);
  expect(served.proxy.connections()).toMatchObject([{ ...listed, faults: [] }, {}]);
  one.socket.end();
  two.socket.end();
  await expect.poll(() => served.proxy.connections()).toEqual([]);
});

test('a change of rules leaves open connections, unless they are to be cut', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address);
  const client = await dial(served.proxy.address);
  await client.send('a').untilHas('a');
  served.proxy.setRules([rule('slow', 'delay', { sleep: 0 })], { resetOpen: false });
  await client.send('b').untilHas('ab');
  served.proxy.setRules([], { resetOpen: true });
  expect(await client.outcome).toBe('rst');
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  await (await dial(served.proxy.address)).send('again').untilHas('again');
});

test('draining refuses who is new, waits for who is there, and has no patience for the rest', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address);
  const { address } = served.proxy;
  const [quick, slow] = [await dial(address), await dial(address)];
  await Promise.all([quick.send('q').untilHas('q'), slow.send('s').untilHas('s')]);
  let drained = false;
  const draining = served.proxy.drain(500).then(() => {
    drained = true;
  });
  await expect.poll(() => refused(address.port)).toBe(true);
  await quick.send('still').untilHas('still');
  quick.socket.end();
  expect(await quick.outcome).toBe('fin');
  expect(drained).toBe(false);
  await draining;
  await slow.outcome;
  expect(served.proxy.stats.connectionsOpen).toBe(0);
});

test('draining ends as soon as nobody is there any more', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address);
  const client = await dial(served.proxy.address);
  await client.send('q').untilHas('q');
  const draining = served.proxy.drain(60_000);
  client.socket.end();
  await draining;
  expect(served.proxy.stats.connectionsOpen).toBe(0);
});

test('no change of rules opens a proxy again that is closing or closed', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address, [rule('dark', 'blackout', { mode: 'refuse' })]);
  const { address } = served.proxy;
  await expect.poll(() => refused(address.port)).toBe(true);
  const closing = served.proxy.drain(20);
  served.proxy.setRules([]);
  await closing;
  served.proxy.setRules([rule('slow', 'delay')]);
  served.proxy.setRules([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await refused(address.port)).toBe(true);
});

/** Whether nobody listens on the port. */
async function refused(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}
