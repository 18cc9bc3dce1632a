import { connect, createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { listen } from '../servers.test.fixture.ts';
import { openTunnel } from './open-tunnel.ts';
import { readBytes } from './read-bytes.ts';

const METHOD = [5, 0];

/** Opens a tunnel at a proxy that says these bytes, one in each turn, and ends. */
async function tunnelAt(said: readonly number[]): Promise<{ readonly asked: Buffer; readonly after: string }> {
  const asked: Buffer[] = [];
  const proxy = createServer(async (socket: Socket) => {
    socket.on('error', () => undefined).on('data', (chunk: Buffer) => asked.push(chunk));
    for (const byte of said) {
      socket.write(Buffer.of(byte));
      await turn();
    }
    socket.end();
  });
  await using listening = await listen(proxy);
  const socket = connect(listening.port, '127.0.0.1');
  try {
    await openTunnel(socket, { host: 'shop.test', port: 443 });
    return { after: (await readBytes(socket, 3)).toString(), asked: Buffer.concat(asked) };
  } finally {
    socket.destroy();
  }
}

test.each([
  ['an IPv4 address', [1, 10, 0, 0, 7]],
  ['a name', [3, 2, 104, 105]],
  ['an IPv6 address', [4, ...Array<number>(16).fill(0)]],
])('a tunnel begins right behind the answer, whatever it is cut into, with %s in it', async (_, address) => {
  const { asked, after } = await tunnelAt([...METHOD, 5, 0, 0, ...address, 1, 187, ...Buffer.from('tea')]);
  expect(after).toBe('tea');
  expect(asked.subarray(0, 3)).toEqual(Buffer.of(5, 1, 0));
  expect(asked.subarray(3)).toEqual(Buffer.of(5, 1, 0, 3, 9, ...Buffer.from('shop.test'), 1, 187));
});

test.each([
  ['HTTP', [...Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')], 'ERR_SOCKS_VERSION'],
  ['that it wants a password', [5, 0xff], 'ERR_SOCKS_AUTH'],
  ['that nobody listens there', [...METHOD, 5, 5, 0, 1, 0, 0, 0, 0, 0, 0], 'ERR_SOCKS_REPLY_5'],
  ['half an answer', [...METHOD, 5, 0, 0], 'ECONNRESET'],
  ['nothing', [], 'ECONNRESET'],
])('a proxy that says %s opens none', async (_, said, code) => {
  await expect(tunnelAt(said)).rejects.toMatchObject({ code });
});
