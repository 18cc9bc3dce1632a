import { expect, test } from 'vitest';
import { dial, get, httpAnswer, rule, startBackend, startHttpBackend, startTestProxy } from './peers.test.support.ts';

/** How many bytes differ of 1000 equal ones that come at once, when each piece has one byte corrupted. */
async function corruptedOf(more: Parameters<typeof startTestProxy>[3]): Promise<number> {
  await using backend = await startBackend((peer) => void peer.socket.end('x'.repeat(1000)));
  await using served = await startTestProxy('tcp', backend.address, [rule('bad', 'error', { inject: 1 })], more);
  const client = await dial(served.proxy.address);
  expect(await client.outcome).toBe('fin');
  expect(client.bytes.length).toBe(1000);
  return client.bytes.filter((byte) => byte !== 'x'.charCodeAt(0)).length;
}

test('bytes are passed on in pieces as large as bufsize says, or the buffer of the protocol', async () => {
  expect(await corruptedOf({})).toBeLessThanOrEqual(2);
  // One in 256 of the random bytes is the one that stood there.
  expect(await corruptedOf({ limits: { pieceBytes: 10 } })).toBeGreaterThan(90);
  const most = await corruptedOf({ limits: { pieceBytes: 10 }, protocolOptions: { buffer: 20 } });
  expect(most).toBeGreaterThan(40);
  expect(most).toBeLessThanOrEqual(50);
});

test('pieces arrive whole and in order', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [], { limits: { pieceBytes: 7 } });
  const client = await dial(served.proxy.address);
  client.send(get('/').repeat(3));
  await client.until((text) => text === [1, 2, 3].map((n) => httpAnswer(`ok ${n}`)).join(''));
});

test('tcp with keep_alive: false takes one piece of the client, and ends with the backend, as the ancestor', async () => {
  await using backend = await startBackend((peer) => {
    peer.socket.once('data', () => setImmediate(() => peer.socket.end('answer')));
  });
  await using served = await startTestProxy('tcp', backend.address, [], { protocolOptions: { keep_alive: false } });
  const client = await dial(served.proxy.address);
  client.send(Buffer.alloc(100_000, 'x'));
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe('answer');
  expect(backend.peers[0]?.bytes.length).toBe(8124);
});

test('overwrite_host_header names the backend in every Host field, however it is written and split', async () => {
  await using backend = await startHttpBackend();
  const protocolOptions = { overwrite_host_header: true };
  await using served = await startTestProxy('http', backend.address, [], { protocolOptions });
  const { host, port } = backend.address;
  const head = (value: string): string =>
    `POST /?host: HTTP/1.1\r\nhOsT:${value}\r\nX-Host: a\r\nContent-Length: 9\r\n\r\nHost: abc`;
  const client = await dial(served.proxy.address);
  const bytes = Buffer.from(head(' shop.test').repeat(2));
  for (const byte of bytes) {
    client.send(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const server = await backend.accepted(1);
  await server.until((text) => text === head(` ${host}:${port}`).repeat(2));
});

test('without it the field stays as it was', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  client.send(get('/'));
  await (await backend.accepted(1)).until((text) => text === get('/'));
});
