import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  deadAddress,
  dial,
  rule,
  standstill,
  startBackend,
  startEcho,
  startTestProxy,
} from '../proxy/peers.test.support.ts';

const MIB = 1024 * 1024;

test('relays 1 MiB both ways at once, with half-close on both sides', async () => {
  const [up, down] = [randomBytes(MIB), randomBytes(MIB)];
  await using backend = await startBackend((peer) => peer.socket.end(down));
  await using served = await startTestProxy('tcp', backend.address);
  const client = await dial(served.proxy.address);
  expect(await client.outcome).toBe('fin');
  expect(client.bytes.equals(down)).toBe(true);
  // The backend has ended long ago, and still takes all that the client sends.
  client.socket.end(up);
  const server = await backend.accepted(1);
  expect(await server.outcome).toBe('fin');
  expect(server.bytes.equals(up)).toBe(true);
  expect(served.proxy.stats).toMatchObject({ bytesToBackend: MIB, bytesToClient: MIB, connectionsAccepted: 1 });
});

test('the backend is connected before the client speaks, as server-first protocols need', async () => {
  await using backend = await startBackend((peer) => peer.send('220 ready\r\n'));
  await using served = await startTestProxy('tcp', backend.address);
  const client = await dial(served.proxy.address);
  expect(await client.untilHas('\n')).toBe('220 ready\r\n');
});

/** Sends 64 MiB, as fast as the other side takes them, then ends. */
function pour(socket: Socket): void {
  const block = Buffer.alloc(MIB);
  let left = 64;
  const pump = (): void => {
    while (left-- > 0) if (!socket.write(block)) return void socket.once('drain', pump);
    socket.end();
  };
  pump();
}

test('a slow client holds the backend back, and nothing piles up in the proxy', async () => {
  await using backend = await startBackend(({ socket }) => pour(socket));
  await using served = await startTestProxy('tcp', backend.address);
  const client = await dial(served.proxy.address);
  client.socket.pause();
  // What the buffers of four sockets take.
  expect(await standstill(() => served.proxy.stats.bytesToClient)).toBeLessThan(32 * MIB);
  client.socket.resume();
  expect(await client.outcome).toBe('fin');
  expect(client.bytes.length).toBe(64 * MIB);
});

test.each([
  ['', []],
  [' under a delay', [rule('slow', 'delay', { sleep: '1ms' })]],
])('a slow backend holds the client back%s', async (_, rules) => {
  await using backend = await startBackend((peer) => peer.socket.pause());
  await using served = await startTestProxy('tcp', backend.address, rules);
  const client = await dial(served.proxy.address);
  pour(client.socket);
  expect(await standstill(() => served.proxy.stats.bytesToBackend)).toBeLessThan(50 * MIB);
  const server = await backend.accepted(1);
  server.socket.resume();
  expect(await server.outcome).toBe('fin');
  expect(server.bytes.length).toBe(64 * MIB);
});

test('a reset of the backend resets the client, and the other way round', async () => {
  await using backend = await startBackend((peer) => peer.send('hello'));
  await using served = await startTestProxy('tcp', backend.address);
  const first = await dial(served.proxy.address);
  await first.untilHas('hello');
  (await backend.accepted(1)).socket.resetAndDestroy();
  expect(await first.outcome).toBe('rst');

  const second = await dial(served.proxy.address);
  await second.untilHas('hello');
  second.socket.resetAndDestroy();
  expect(await (await backend.accepted(2)).outcome).toBe('rst');
  expect(served.proxy.stats.backendFailures).toBe(0);
});

test('reaches backends over IPv6', async () => {
  await using backend = await startEcho({ host: '::1' });
  await using served = await startTestProxy('tcp', backend.address, [], { listen: { host: '::1' } });
  const client = await dial(served.proxy.address);
  expect(await client.send('six').untilHas('six')).toBe('six');
  expect(served.proxy.address.host).toBe('::1');
});

test('300 connections to a dead backend are reset and leave nothing behind; then it recovers', async () => {
  const address = await deadAddress();
  await using served = await startTestProxy('tcp', address);
  for (let i = 0; i < 300; i++) {
    const client = await dial(served.proxy.address);
    expect(await client.outcome).toBe('rst');
  }
  await expect.poll(() => served.proxy.stats).toMatchObject({ backendFailures: 300, connectionsOpen: 0 });
  await using _backend = await startEcho(address);
  const client = await dial(served.proxy.address);
  expect(await client.send('back').untilHas('back')).toBe('back');
});

test('a connection that ends in good order is forgotten', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address);
  const client = await dial(served.proxy.address);
  client.socket.end('bye');
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe('bye');
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
});

test('delay holds each chunk by itself, so that chunks do not queue up', async () => {
  const sleep = 150;
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address, [rule('slow', 'delay', { sleep: '150ms' })]);
  const client = await dial(served.proxy.address);
  const begin = performance.now();
  let text = '';
  for (let i = 0; i < 20; i++) {
    client.send(`${i};`);
    text += `${i};`;
    await setImmediate();
  }
  client.socket.end();
  expect(await client.outcome).toBe('fin');
  const took = performance.now() - begin;
  expect(client.text).toBe(text);
  expect(took).toBeGreaterThanOrEqual(sleep - 2);
  expect(took).toBeLessThan(20 * sleep);
  expect(served.faults).toMatchObject([
    { id: '0-web-1-0-slow', behavior: 'delay', point: 'connection', operation: '' },
  ]);
});

test('the end of a delay lets what is held flow at once, in order', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address, [rule('slow', 'delay', { sleep: '1h' })]);
  const client = await dial(served.proxy.address);
  client.send('first,');
  await expect.poll(() => served.faults.length).toBe(1);
  served.proxy.setRules([]);
  expect(await client.send('second').untilHas('second')).toBe('first,second');
});

test('a rule that comes into force touches connections that are open', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address);
  const [one, two, three] = await Promise.all([0, 1, 2].map(() => dial(served.proxy.address)));
  if (!one || !two || !three) throw new Error('three were dialled');
  for (const peer of [one, two, three]) await peer.send('hi').untilHas('hi');

  served.proxy.setRules([rule('garble', 'error')]);
  await one.send('x').until(() => one.bytes.length >= 1002);
  expect(await one.outcome).toBe('fin');
  expect(one.bytes.length).toBe(1002);

  served.proxy.setRules([rule('stall', 'hang')]);
  two.send('never seen');
  expect((await backend.accepted(2)).text).not.toContain('never');

  served.proxy.setRules([rule('dark', 'blackout')]);
  expect(await two.outcome).toBe('rst');
  expect(await three.outcome).toBe('rst');
});

test('a fault that comes back on the same connection has another id', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address);
  const client = await dial(served.proxy.address);
  for (const text of ['a', 'ab', 'abc']) {
    served.proxy.setRules([rule('slow', 'delay', { sleep: '1ms' })]);
    await client.send(text.slice(-1)).untilHas(text);
    served.proxy.setRules([]);
  }
  expect(served.faults.map(({ id }) => id)).toEqual(['0-web-1-0-slow', '0-web-1-0-slow-2', '0-web-1-0-slow-3']);
});

test('a rule that a change leaves as it was goes on without a seam', async () => {
  await using backend = await startEcho();
  const slow = rule('slow', 'delay', { sleep: '1ms' });
  await using served = await startTestProxy('tcp', backend.address, [slow]);
  const client = await dial(served.proxy.address);
  await client.send('a').untilHas('a');
  served.proxy.setRules([structuredClone(slow), rule('other', 'hang')]);
  await client.send('b').untilHas('ab');
  expect(served.faults.length).toBe(1);
});

test('an error without a backend answers the first bytes, the same ones for the same seed', async () => {
  const address = await deadAddress();
  const answers: Buffer[] = [];
  for (const seed of [1, 1, 2]) {
    await using served = await startTestProxy('tcp', address, [rule('garble', 'error')], { seed });
    const client = await dial(served.proxy.address);
    client.send('hello');
    expect(await client.outcome).toBe('fin');
    expect(served.proxy.stats.backendFailures).toBe(0);
    answers.push(client.bytes);
  }
  expect(answers.map((answer) => answer.length)).toEqual([1000, 1000, 1000]);
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]).not.toEqual(answers[2]);
});
