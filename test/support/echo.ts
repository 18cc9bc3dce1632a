import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A TCP server that sends back what it receives. */
export type Echo = AsyncDisposable & {
  /** host:port */
  readonly address: string;
  readonly open: ReadonlySet<Socket>;
  /** Received so far. */
  readonly bytes: () => number;
};

/** Starts one on a free port of the loopback. */
export async function startEcho(): Promise<Echo> {
  const open = new Set<Socket>();
  let bytes = 0;
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      socket.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    open,
    bytes: () => bytes,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
