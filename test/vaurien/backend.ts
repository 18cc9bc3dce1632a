import { once } from 'node:events';
import { createServer } from 'node:http';

export type HttpBackend = AsyncDisposable & { readonly address: string };

/** An HTTP server that answers `ok`; `hold` may keep a request waiting. */
export async function startBackend(hold?: () => Promise<unknown>): Promise<HttpBackend> {
  const server = createServer((_request, response) => {
    void Promise.resolve(hold?.()).then(() => response.end('ok'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    address: `127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
