import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { runModule } from '../node-process.test.fixture.ts';

const WATCH = new URL('./loop-watch.ts', import.meta.url).href;
/** Blocks its event loop for good after a while; the test ends it. */
const BLOCKING = `
import { watchLoop } from ${JSON.stringify(WATCH)};
watchLoop(process.argv[1], '/nowhere/shop.ts', Number(process.argv[2]));
setTimeout(function stuck() { for (;;) Date.now(); }, 300);
`;

test.each([
  ['a second', 100, '1'],
  ['what the plan lets the generator be late, where that is longer', 1700, '1.7'],
])('a loop that does not turn for %s is told to the sidecar, with the place', async (_, maxLagMs, seconds) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const told = once(server, 'connection').then(async ([socket]: Socket[]) => (socket ? await text(socket) : ''));
  let end = (): void => undefined;
  const ended = runModule(
    BLOCKING,
    [`127.0.0.1:${(server.address() as AddressInfo).port}`, String(maxLagMs)],
    (child) => {
      end = () => void child.kill('SIGKILL');
    },
  );
  const message = JSON.parse(await told);
  end();
  await ended;
  server.close();
  expect(message).toMatchObject({
    type: 'blocked',
    error: {
      failure: 'blocked',
      message: expect.stringMatching(
        new RegExp(`^the event loop was blocked for over ${seconds} s (at|somewhere in) `),
      ),
      stack: expect.stringContaining('stuck'),
    },
  });
});
