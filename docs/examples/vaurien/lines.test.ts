import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { registerProtocol, startProxy } from '@loads/vaurien';
import { expect, test } from 'vitest';
import { lines } from './lines.ts';

registerProtocol(lines);

const REQUESTS = 'set a 1\nget a\ndel a\nget a\n';

test.each([1, 2, 3, 5, 100])('answers keep their order, sent in pieces of %i bytes', async (size) => {
  const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await using proxy = await startProxy({
    backend: `127.0.0.1:${port}`,
    protocol: 'lines',
    protocol_options: { error: '-ERR' },
    behavior: 'error',
    match: { operation: 'GET' },
    name: 'kv',
  });
  const { host, port: listening } = proxy.address;
  const client = connect({ host, port: listening, allowHalfOpen: true, noDelay: true });
  for (let at = 0; at < REQUESTS.length; at += size) {
    client.write(REQUESTS.slice(at, at + size));
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.end();
  // The server sends back what it gets: what passes is seen on the way there and back.
  expect(await text(client)).toBe(
    'set a 1\n-ERR injected by vaurien 0-kv-1-2\ndel a\n-ERR injected by vaurien 0-kv-1-4\n',
  );
  expect(proxy.stats).toMatchObject({ requests: 4, faults: 2, opaque: 0 });
  server.close();
});
