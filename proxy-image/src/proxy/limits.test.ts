import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Worker } from 'node:worker_threads';
import type { Address } from '@loads/core';
import { expect, test } from 'vitest';
import { deadAddress, dial, get, rule, startEcho, startHttpBackend, startTestProxy } from './peers.test.support.ts';
import { CERTIFICATE, PRIVATE_KEY } from './self-signed.test.fixture.ts';

test('connections over the limit are reset at once and counted, and slots are freed', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address, [], { limits: { connections: 3 } });
  const open = await Promise.all([1, 2, 3].map(() => dial(served.proxy.address)));
  for (const client of open) await client.send('in').untilHas('in');
  for (let i = 1; i <= 5; i++) {
    expect(await (await dial(served.proxy.address)).outcome).toBe('rst');
    expect(served.proxy.stats).toMatchObject({ connectionsOpen: 3, connectionsAccepted: 3, connectionsRefused: i });
  }
  expect(backend.peers.length).toBe(3);
  open[0]?.socket.end();
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(2);
  await (await dial(served.proxy.address)).send('next').untilHas('next');
});

test('twice as many failed connects as there are slots take none of them for good', async () => {
  const limit = 20;
  const address = await deadAddress();
  await using served = await startTestProxy('tcp', address, [], { limits: { connections: limit } });
  const all = await Promise.all(Array.from({ length: 2 * limit }, () => dial(served.proxy.address)));
  for (const client of all) expect(await client.outcome).toBe('rst');
  const { connectionsRefused, backendFailures } = served.proxy.stats;
  expect(connectionsRefused + backendFailures).toBe(2 * limit);
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  await using _backend = await startEcho(address);
  const clients = await Promise.all(Array.from({ length: limit }, () => dial(served.proxy.address)));
  for (const client of clients) await client.send('back').untilHas('back');
});

test('a connection that hangs by a fault keeps its slot, and gives it back', async () => {
  await using backend = await startHttpBackend();
  const limits = { connections: 1 };
  await using served = await startTestProxy('http', backend.address, [rule('stall', 'hang')], { limits });
  const hanging = await dial(served.proxy.address);
  hanging.send(get('/'));
  await expect.poll(() => served.faults.length).toBe(1);
  await (await dial(served.proxy.address)).send(get('/')).untilHas('503 Service Unavailable');
  served.proxy.setRules([]);
  expect(await hanging.outcome).toBe('rst');
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  await (await dial(served.proxy.address)).send(get('/')).untilHas('ok 1');
});

test('a backend that does not take the connection in time is given up', async () => {
  await using backend = await startFullBackend();
  const limits = { connectMs: 60 };
  await using served = await startTestProxy('tcp', backend.address, [], { limits });
  const begin = performance.now();
  const client = await dial(served.proxy.address);
  expect(await client.outcome).toBe('rst');
  expect(performance.now() - begin).toBeGreaterThanOrEqual(55);
  expect(served.proxy.stats.backendFailures).toBe(1);
});

test('a connection that was made in time may be idle for longer', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address, [], { limits: { connectMs: 300 } });
  const client = await dial(served.proxy.address);
  await client.send('a').untilHas('a');
  await new Promise((resolve) => setTimeout(resolve, 400));
  await client.send('b').untilHas('ab');
});

test('a client that is idle is ended, one that speaks is not', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address, [], { limits: { idleMs: 150 } });
  const [idle, busy] = [await dial(served.proxy.address), await dial(served.proxy.address)];
  let over = false;
  void idle.outcome.then(() => {
    over = true;
  });
  for (let said = 1; !over; said++) {
    await busy.send('x').until((text) => text.length === said);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(await idle.outcome).toBe('fin');
  await busy.send('still').untilHas('still');
});

test('a fault that hangs is no idleness', async () => {
  await using backend = await startHttpBackend();
  const stall = rule('stall', 'hang', { max: '150ms' });
  await using served = await startTestProxy('http', backend.address, [stall], { limits: { idleMs: 40 } });
  const client = await dial(served.proxy.address);
  expect(await client.send(get('/')).outcome).toBe('rst');
});

test('a request that is held, or waits for its answer, is no idleness', async () => {
  await using backend = await startHttpBackend();
  for (const before of [true, false]) {
    const slow = rule('slow', 'delay', { sleep: '600ms', before });
    await using served = await startTestProxy('http', backend.address, [slow], { limits: { idleMs: 250 } });
    const client = await dial(served.proxy.address);
    await client.send(get('/')).untilHas('ok');
    expect(await client.outcome).toBe('fin');
  }
});

test('a chunk that is held is no idleness', async () => {
  await using backend = await startEcho();
  const slow = rule('slow', 'delay', { sleep: '600ms' });
  await using served = await startTestProxy('tcp', backend.address, [slow], { limits: { idleMs: 250 } });
  const client = await dial(served.proxy.address);
  await client.send('held').untilHas('held');
});

test('a client that owes the rest of its request is idle', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [], { limits: { idleMs: 40 } });
  const client = await dial(served.proxy.address);
  client.send('POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf');
  expect(await client.outcome).toBe('fin');
});

test('a TLS handshake under way takes a place, and gives it back', async () => {
  await using backend = await startEcho();
  const tls = { key: PRIVATE_KEY, cert: CERTIFICATE };
  await using served = await startTestProxy('tcp', backend.address, [], { limits: { connections: 2 }, tls });
  const { proxy } = served;
  const silent = [await dial(proxy.address), await dial(proxy.address)];
  expect(await (await dial(proxy.address)).outcome).toBe('rst');
  expect(proxy.stats).toMatchObject({ connectionsRefused: 1, connectionsAccepted: 0 });
  silent[0]?.socket.destroy();
  const shaken = async (): Promise<boolean> => {
    const socket = connectTls({ port: proxy.address.port, ca: CERTIFICATE, servername: 'shop.test' });
    const done = await Promise.race([
      once(socket, 'secureConnect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    return done;
  };
  await expect.poll(shaken).toBe(true);
});

type FullBackend = AsyncDisposable & { readonly address: Address };

/** A backend whose queue is full and that takes nothing from it: who connects waits. */
async function startFullBackend(): Promise<FullBackend> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer().listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const [port] = (await once(worker, 'message')) as [number];
  const fillers: Socket[] = [];
  for (let waiting = false; !waiting; ) {
    const filler = connect(port, '127.0.0.1');
    fillers.push(filler);
    filler.on('error', () => undefined);
    const soon = new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 100));
    waiting = await Promise.race([once(filler, 'connect').then(() => false), soon]);
  }
  return {
    address: { host: '127.0.0.1', port },
    async [Symbol.asyncDispose]() {
      for (const filler of fillers) filler.destroy();
      await worker.terminate();
    },
  };
}
