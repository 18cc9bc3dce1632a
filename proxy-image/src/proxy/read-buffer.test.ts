import { createHash } from 'node:crypto';
import { randomSequence } from '@loads/core';
import { expect, test } from 'vitest';
import { dial, get, type Peer, startBackend, startTestProxy } from './peers.test.support.ts';
import { ReadBuffer } from './read-buffer.ts';
import { CERTIFICATE, PRIVATE_KEY } from './self-signed.test.fixture.ts';

test('memory is used again until somebody keeps it, and grows when it was filled', () => {
  const buffer = new ReadBuffer();
  const first = buffer.next();
  expect(buffer.first(10).buffer).toBe(first.buffer);
  expect(buffer.next()).toBe(first);
  buffer.first(10);
  buffer.keep();
  const second = buffer.next();
  expect(second.buffer).not.toBe(first.buffer);
  expect(second.length).toBe(first.length);
  buffer.first(second.length);
  expect(buffer.next().length).toBeGreaterThan(second.length);
});

const TOTAL = 8 * 1024 * 1024;

/** Bytes without a pattern, in pieces of all sizes. */
function* noise(): Generator<Buffer> {
  const next = randomSequence(7, 'noise');
  for (let left = TOTAL; left > 0; ) {
    const size = Math.min(left, Math.ceil(2 ** (next() * 18)));
    const piece = Buffer.alloc(size);
    for (let at = 0; at + 4 <= size; at += 4) piece.writeUInt32LE((next() * 2 ** 32) >>> 0, at);
    yield piece;
    left -= size;
  }
}

test.each([
  ['tcp', 'ask', ''],
  ['http', get('/'), `HTTP/1.1 200 OK\r\nContent-Length: ${TOTAL}\r\n\r\n`],
  ['http', get('/'), 'HTTP/1.1 200 OK\r\n\r\n'],
  ['redis', 'GET a\r\n', `$${TOTAL}\r\n`],
] as const)('%s: a client that reads by fits and starts gets what was sent', async (protocol, ask, head) => {
  const sent = createHash('sha256').update(head);
  const serve = async (peer: Peer): Promise<void> => {
    await peer.untilHas('\n');
    peer.send(head);
    for (const piece of noise()) {
      sent.update(piece);
      if (!peer.socket.write(piece)) await new Promise((resolve) => peer.socket.once('drain', resolve));
      else if (piece.length % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    if (protocol === 'redis') sent.update('\r\n');
    peer.socket.end(protocol === 'redis' ? '\r\n' : '');
  };
  await using backend = await startBackend((peer) => void serve(peer).catch(() => peer.socket.destroy()));
  await using served = await startTestProxy(protocol, backend.address);
  const client = await dial(served.proxy.address);
  let pauses = 0;
  client.socket.on('data', (chunk: Buffer) => {
    if (chunk.length % 7 !== 0) return;
    pauses++;
    client.socket.pause();
    setTimeout(() => client.socket.resume(), chunk.length % 5);
  });
  client.send(`${ask}\n`);
  expect(await client.outcome).toBe('fin');
  expect(createHash('sha256').update(client.bytes).digest('hex')).toBe(sent.digest('hex'));
  expect(pauses).toBeGreaterThan(0);
});

test('small pieces that a client leaves in the proxy are not overwritten by those behind them', async () => {
  await using backend = await startBackend(() => {});
  await using served = await startTestProxy('tcp', backend.address);
  const client = await dial(served.proxy.address);
  client.socket.pause();
  const server = await backend.accepted(1);
  const sent: Buffer[] = [];
  // Each is read by itself, until the proxy reads no more.
  for (let bytes = 0, turns = 0; turns < 2000; turns++) {
    if (served.proxy.stats.bytesToClient === bytes) {
      const piece = Buffer.alloc(10_007, sent.length);
      sent.push(piece);
      bytes += piece.length;
      server.send(piece);
      turns = 0;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  const all = Buffer.concat(sent);
  client.socket.resume();
  await expect.poll(() => client.socket.bytesRead, { timeout: 10_000 }).toBe(all.length);
  expect(client.bytes.equals(all)).toBe(true);
});

test('what a client has not taken when its connection ends is not overwritten', async () => {
  const body = [...noise()].map((piece) => piece);
  const bytes = Buffer.concat(body);
  const head = `HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  await using backend = await startBackend((peer) => {
    peer.socket.once('data', () => {
      peer.send(head);
      peer.send(bytes);
    });
  });
  const protocolOptions = { keep_alive: false, reuse_socket: true };
  await using served = await startTestProxy('http', backend.address, [], { protocolOptions });
  const slow = await dial(served.proxy.address);
  slow.send(get('/')).socket.pause();
  await backend.accepted(1);
  const quick = await dial(served.proxy.address);
  expect(await quick.send(get('/')).outcome).toBe('fin');
  slow.socket.resume();
  expect(await slow.outcome).toBe('fin');
  for (const { bytes: got } of [slow, quick]) expect(got.equals(Buffer.concat([Buffer.from(head), bytes]))).toBe(true);
});

test('over TLS too', async () => {
  const bytes = Buffer.concat([...noise()]);
  await using backend = await startBackend((peer) => void peer.socket.end(bytes));
  const tls = { key: PRIVATE_KEY, cert: CERTIFICATE };
  await using served = await startTestProxy('tcp', backend.address, [], { tls });
  const { connect } = await import('node:tls');
  const socket = connect({ port: served.proxy.address.port, ca: CERTIFICATE, servername: 'shop.test' });
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
});
