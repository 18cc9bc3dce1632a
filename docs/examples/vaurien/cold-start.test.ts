import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { registerBehavior, startProxy } from '@loads/vaurien';
import { expect, test } from 'vitest';
import { coldStart } from './cold-start.ts';

registerBehavior(coldStart);

test('the first request of a connection is held, and no other', async () => {
  const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await using proxy = await startProxy({
    backend: `127.0.0.1:${port}`,
    protocol: 'http',
    behavior: 'cold-start',
    sleep: '80ms',
    seed: 1,
  });
  const took: number[] = [];
  for (let i = 0; i < 3; i++) {
    const begin = performance.now();
    // One after the other, they share a connection.
    await (await fetch(`http://${proxy.address.host}:${proxy.address.port}/`)).text();
    took.push(performance.now() - begin);
  }
  expect(took[0]).toBeGreaterThan(75);
  expect(proxy.faults).toMatchObject([{ behavior: 'cold-start', request: 1, options: { sleep: 80 } }]);
  expect(proxy.stats).toMatchObject({ requests: 3, connectionsAccepted: 1 });
  server.close();
  server.closeAllConnections();
});
