import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';

const ENGINE = '/var/run/docker.sock';

/** Another way to the engine, which can be cut. */
export type Forward = AsyncDisposable & {
  readonly port: number;
  /** Ends all connections, and takes none until `mend`. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Keeps the next request that matches from the engine. `held` resolves when there is one, and `release` lets it go. */
  hold(request: RegExp): { readonly held: Promise<void>; release(): void };
};

type Hold = { readonly request: RegExp; readonly held: PromiseWithResolvers<void>; readonly free: Promise<void> };

/** Makes the engine's socket a TCP port of the loopback; with `tls`, one for clients with a certificate alone. */
export async function startForward(tls?: { readonly key: string; readonly cert: string }): Promise<Forward> {
  const open = new Set<Socket>();
  let wanted: Hold | undefined;
  const pass = async (chunk: Buffer): Promise<Buffer> => {
    if (wanted?.request.test(chunk.toString('latin1'))) {
      const { held, free } = wanted;
      wanted = undefined;
      held.resolve();
      await free;
    }
    return chunk;
  };
  const take = (client: Socket): void => {
    const engine = connect(ENGINE);
    for (const one of [client, engine]) {
      open.add(one);
      one.on('error', () => undefined).on('close', () => open.delete(one));
    }
    const gate = new Transform({
      transform: (chunk: Buffer, _, done) => void pass(chunk).then((passed) => done(null, passed)),
    });
    client.pipe(gate).pipe(engine).pipe(client);
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
    hold(request) {
      const [held, { promise: free, resolve: release }] = [
        Promise.withResolvers<void>(),
        Promise.withResolvers<void>(),
      ];
      wanted = { request, held, free };
      return { held: held.promise, release };
    },
    async mend() {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await cut();
    },
  };
}
