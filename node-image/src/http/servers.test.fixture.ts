import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { createHttpClient } from './create-http-client.ts';
import type { HttpClient, HttpClientOptions } from './http-client.ts';
import type { RequestSample } from './request-sample.ts';
import { CERTIFICATE, PRIVATE_KEY } from './self-signed.test.fixture.ts';

/** A server on a free port of the loopback. `url` has no path; `connections` are all that it ever accepted. */
export type TestServer = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  readonly connections: readonly Socket[];
};

export function serve(listener: RequestListener): Promise<TestServer> {
  return listen(createHttp(listener));
}

/** `options`: what the server asks of its clients' TLS. */
export function serveTls(listener: RequestListener, options: ServerOptions = {}): Promise<TestServer> {
  return listen(createHttps({ cert: CERTIFICATE, key: PRIVATE_KEY, ...options }, listener), {
    origin: 'https://localhost',
  });
}

/** Accepts TCP connections; `onRequest` is called with the connection when the first bytes of each request come. */
export function serveTcp(onRequest: (socket: Socket) => void): Promise<TestServer> {
  const server = createTcp((socket) => socket.on('data', () => onRequest(socket)).on('error', () => {}));
  return listen(server);
}

/** A client of one server, with the samples that it gave out. */
export type TestClient = { readonly http: HttpClient; readonly samples: readonly RequestSample[] };

export function clientOf(baseUrl: string | undefined, options: Partial<HttpClientOptions> = {}): TestClient {
  const samples: RequestSample[] = [];
  const signal = options.signal ?? new AbortController().signal;
  return {
    http: createHttpClient({ baseUrl, onRequest: (sample) => samples.push(sample), ...options, signal }),
    samples,
  };
}

/** A port of the loopback where nothing listens. */
export async function closedPort(): Promise<number> {
  await using server = await serveTcp(() => {});
  return server.port;
}

/** Has a server listen, by default on a free port; `origin` is its URL without the port. */
export async function listen(
  server: Server,
  { path, origin = 'http://127.0.0.1' }: { readonly path?: string; readonly origin?: string } = {},
): Promise<TestServer> {
  const connections: Socket[] = [];
  server.on('connection', (socket: Socket) => connections.push(socket));
  const { promise, resolve } = Promise.withResolvers<void>();
  if (path === undefined) server.listen(0, '127.0.0.1', resolve);
  else server.listen(path, resolve);
  await promise;
  const { port = 0 } = path === undefined ? (server.address() as AddressInfo) : {};
  return { url: `${origin}:${port}`, port, connections, [Symbol.asyncDispose]: () => shut(server, connections) };
}

function shut(server: Server, connections: readonly Socket[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  for (const socket of connections) socket.destroy();
  return promise;
}
