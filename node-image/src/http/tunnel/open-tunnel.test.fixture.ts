import { connect, createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import type { Address } from '@loads/core';
import { listen } from '../servers.test.fixture.ts';
import type { ProxyUser, TunnelKind } from './tunnel-kind.ts';

/** What a proxy says, and to whom. */
export type Said = {
  /** In these pieces, one in each turn of the event loop; it ends the connection behind the last one. */
  readonly pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  readonly end?: Address;
  readonly user?: ProxyUser;
};

/** Opens a tunnel at a proxy that says this. Gives what it was asked, and what came through the tunnel. */
export async function tunnelAt(
  kind: TunnelKind,
  { pieces, end = { host: 'shop.test', port: 443 }, user }: Said,
): Promise<{ readonly asked: Buffer; readonly after: string }> {
  const asked: Buffer[] = [];
  const gone = Promise.withResolvers<void>();
  const proxy = createServer(async (socket: Socket) => {
    socket.on('error', () => undefined).on('data', (chunk: Buffer) => asked.push(chunk));
    socket.on('close', () => gone.resolve());
    for await (const piece of pieces) {
      if (socket.destroyed) return;
      socket.write(piece);
      await turn();
    }
    socket.end();
  });
  await using listening = await listen(proxy);
  const socket = connect(listening.port, '127.0.0.1');
  try {
    await kind.open(socket, end, user);
    const after = (await buffer(socket)).toString();
    await gone.promise;
    return { after, asked: Buffer.concat(asked) };
  } finally {
    socket.destroy();
  }
}

/** Each byte for itself. */
export function byteByByte(bytes: Iterable<number>): readonly Uint8Array[] {
  return Array.from(bytes, (byte) => Uint8Array.of(byte));
}
