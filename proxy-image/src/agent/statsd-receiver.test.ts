import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { StatsdReceiver } from './statsd-receiver.ts';

type Heard = { readonly names: string[]; malformed: number; lines: number };

async function listen(host?: string): Promise<{ receiver: StatsdReceiver; heard: Heard }> {
  const heard: Heard = { names: [], malformed: 0, lines: 0 };
  const receiver = await StatsdReceiver.open({
    ...(host === undefined ? {} : { host }),
    sample: ({ name }) => heard.names.push(name),
    malformed: () => {
      heard.malformed += 1;
    },
    lines: (count) => {
      heard.lines += count;
    },
  });
  return { receiver, heard };
}

/** Resolves when the datagrams have left: on the loopback they are in the receiver's buffer then. */
async function send({ host, port }: StatsdReceiver, datagrams: readonly string[]): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  for (const datagram of datagrams) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.send(datagram, port, host, (error) => (error ? reject(error) : resolve()));
    await promise;
  }
  socket.close();
  await once(socket, 'close');
}

const LOOPBACKS = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal }) => internal)
  .map(({ address }) => address);

test.each(LOOPBACKS)('takes datagrams on %s, and counts their lines, good or not', async (host) => {
  const { receiver, heard } = await listen(host);
  await using _ = receiver;
  await send(receiver, ['a:1|c\nb:2|ms', 'nonsense\nc:1|g\n', '_e{1,1}:a|b', '']);
  await receiver.readOut();
  expect(heard).toEqual({ names: ['a', 'b', 'c'], malformed: 1, lines: 6 });
  expect(await receiver.kernelDrops()).toBe(0);
});

test('all that lies in the buffer is read out, however much it is', async () => {
  const { receiver, heard } = await listen();
  await using _ = receiver;
  const blocked = Array.from({ length: 100 }, (_, i) => `m${i}:1|c`);
  await send(receiver, blocked);
  await receiver.readOut();
  expect(heard.lines).toBe(100);
  await receiver.readOut();
});

test('drops of the kernel can be asked for after the end too, and closing twice is closing once', async () => {
  const { receiver } = await listen();
  await receiver[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
  expect(await receiver.kernelDrops()).toBe(0);
});

test('an address that is not there is an error at once', async () => {
  await expect(listen('203.0.113.1')).rejects.toThrow('EADDRNOTAVAIL');
});
