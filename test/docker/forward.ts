import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

const ENGINE = '/var/run/docker.sock';

/** Another way to the engine, which can be cut. */
export type Forward = AsyncDisposable & {
  readonly port: number;
  /** Ends all connections, and takes none until `mend`. */
  cut(): Promise<void>;
  mend(): Promise<void>;
};

/** Makes the engine's socket a TCP port of the loopback; with `tls`, one for clients with a certificate alone. */
export async function startForward(tls?: { readonly key: string; readonly cert: string }): Promise<Forward> {
  const open = new Set<Socket>();
  const take = (client: Socket): void => {
    const engine = connect(ENGINE);
    for (const one of [client, engine]) {
      open.add(one);
      one.on('error', () => undefined).on('close', () => open.delete(one));
    }
    client.pipe(engine).pipe(client);
  };
  const server: Server = tls
    ? createTlsServer({ ...tls, ca: tls.cert, requestCert: true, rejectUnauthorized: true }, take)
    : createServer(take);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const one of open) one.destroy();
    await closed;
  };
  return {
    port,
    cut,
    async mend() {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await cut();
    },
  };
}
