import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { runModule } from '../node-process.test.fixture.ts';

const WATCH = new URL('./loop-watch.ts', import.meta.url).href;
/** Blocks its event loop for good after a while; the test ends it. */
const BLOCKING = `
import { watchLoop } from ${JSON.stringify(WATCH)};
watchLoop(process.argv[1], '/nowhere/shop.ts');
setTimeout(function stuck() { for (;;) Date.now(); }, 300);
`;

test('a loop that does not turn any more is told to the sidecar, with the place', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const told = once(server, 'connection').then(async ([socket]: Socket[]) => (socket ? await text(socket) : ''));
  let end = (): void => undefined;
  const ended = runModule(BLOCKING, [`127.0.0.1:${(server.address() as AddressInfo).port}`], (child) => {
    end = () => void child.kill('SIGKILL');
  });
  const message = JSON.parse(await told);
  end();
  await ended;
  server.close();
  expect(message).toMatchObject({
    type: 'blocked',
    error: {
      failure: 'blocked',
      message: expect.stringMatching(/^the event loop was blocked for over 1 s (at|somewhere in) /),
      stack: expect.stringContaining('stuck'),
    },
  });
});
