import { createServer as createHttp, type Server } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type AddressInfo, connect, createServer as createTcp, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { CERTIFICATE, PRIVATE_KEY } from '../../node-image/src/http/self-signed.test.fixture.ts';

/** What came: method, path, version, and what of the rest the tests are about. */
export type Came = {
  readonly asked: string;
  readonly httpVersion: string;
  readonly cookie: string;
  readonly client: string;
  readonly bytes: number;
};

/** A service over TLS that asks for certificates and speaks both versions of HTTP, with a forward proxy and a Unix socket. */
export type HttpService = AsyncDisposable & {
  readonly port: number;
  /** `host:port` of a forward proxy. */
  readonly proxy: string;
  /** How many tunnels the proxy has opened. */
  readonly tunnels: () => number;
  /** The port of a service without TLS that answers badly, by the path. */
  readonly badPort: number;
  readonly came: readonly Came[];
};

/** Starts all of it on free ports, and on `socketPath`. */
export async function startHttpService(socketPath: string): Promise<HttpService> {
  const came: Came[] = [];
  let tunnels = 0;
  const tls = { cert: CERTIFICATE, key: PRIVATE_KEY, ca: CERTIFICATE, requestCert: true, allowHTTP1: true };
  const service = createSecureServer(tls, (request, response) => void answer(request, response, came));
  const local = createHttp((_request, response) => response.end('local'));
  const proxy = createHttp();
  proxy.on('connect', ({ url = '' }, socket: Socket) => {
    tunnels += 1;
    const there = connect(Number(url.split(':')[1]), '127.0.0.1');
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(there).pipe(socket);
    socket.on('error', () => there.destroy());
    there.on('error', () => socket.destroy());
  });
  const bad = createTcp((socket) => {
    socket.on('error', () => undefined).on('data', (bytes) => answerBadly(socket, bytes.toString('latin1')));
  });
  const sockets = new Set<Socket>();
  const servers = [service as unknown as Server, local, proxy, bad];
  for (const server of servers) server.on('connection', (socket: Socket) => sockets.add(socket));
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          if (server === local) server.listen(socketPath, resolve);
          else server.listen(0, '127.0.0.1', resolve);
        }),
    ),
  );
  const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
  return {
    port: portOf(service),
    proxy: `127.0.0.1:${portOf(proxy)}`,
    tunnels: () => tunnels,
    badPort: portOf(bad),
    came,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

async function answer(request: Http2ServerRequest, response: Http2ServerResponse, came: Came[]): Promise<void> {
  const body = await buffer(request);
  const tls = (request.stream?.session?.socket ?? request.socket) as TLSSocket;
  came.push({
    asked: `${request.method} ${request.url}`,
    httpVersion: request.httpVersion,
    cookie: String(request.headers.cookie ?? ''),
    client: String(tls.getPeerCertificate().subject?.CN),
    bytes: body.length,
  });
  if (request.url === '/login') {
    response.writeHead(303, { location: '/home', 'set-cookie': `sid=${body.length}; Path=/; HttpOnly` });
    response.end();
  } else if (request.url === '/coded') {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(gzipSync('{"tea":true}'));
  } else response.end('{}');
}

/** 40 MiB in 40 KiB: more than a scenario of these tests takes. */
const BOMB = gzipSync(Buffer.alloc(40 * 1024 * 1024));

function answerBadly(socket: Socket, asked: string): void {
  const [, path = ''] = asked.split(' ');
  if (path === '/loop') socket.write('HTTP/1.1 302 Found\r\nlocation: /loop\r\ncontent-length: 0\r\n\r\n');
  else if (path === '/chunks') socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n');
  else if (path === '/bomb') {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${BOMB.length}\r\n\r\n`);
    socket.write(BOMB);
  } else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${2 ** 40}\r\n\r\n`);
}
