import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
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
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const took: number[] = [];
  for (let i = 0; i < 3; i++) {
    const begin = performance.now();
    const [response] = await once(get({ ...proxy.address, agent }), 'response');
    await response.toArray();
    took.push(performance.now() - begin);
  }
  expect(took[0]).toBeGreaterThan(75);
  expect(proxy.faults).toMatchObject([{ behavior: 'cold-start', request: 1, options: { sleep: 80 } }]);
  expect(proxy.stats).toMatchObject({ requests: 3, connectionsAccepted: 1 });
  agent.destroy();
  server.close();
});
