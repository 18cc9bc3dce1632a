import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Address, type HostSample, LoadsError } from '@loads/core';
import { isLoopback } from '@loads/vaurien';

export type MonitorServerOptions = {
  readonly address: Address;
  /** Demanded of everybody; any address but the loopback needs one. */
  readonly token?: string | undefined;
  readonly sample: () => Promise<HostSample>;
};

/** Answers `GET /sample` with what a host tells of itself. */
export class MonitorServer implements AsyncDisposable {
  readonly address: Address;
  readonly #server: Server;

  private constructor(server: Server, address: Address) {
    this.#server = server;
    this.address = address;
  }

  /** Listens when this returns. Throws ERR_PORT_IN_USE, and ERR_CONFIG where a token is missing. */
  static async open({ address, token, sample }: MonitorServerOptions): Promise<MonitorServer> {
    const { host, port } = address;
    if (token === undefined && !isLoopback(host)) {
      throw new LoadsError('ERR_CONFIG', `a monitor on ${host} can be reached by others and needs a token`, {
        hint: 'give one with LOADS_MONITOR_TOKEN or --token, or listen on 127.0.0.1',
      });
    }
    const server = createServer((request, response) => {
      answer(request, response, token, sample).catch(() => response.destroy());
    });
    try {
      server.listen({ host, port });
      await once(server, 'listening');
    } catch (cause) {
      const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new LoadsError(taken ? 'ERR_PORT_IN_USE' : 'ERR_CONFIG', `the monitor cannot listen: ${why}`, { cause });
    }
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new LoadsError('ERR_CONFIG', 'the monitor has no port');
    return new MonitorServer(server, { host: bound.address, port: bound.port });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string | undefined,
  sample: () => Promise<HostSample>,
): Promise<void> {
  const { status, ...rest } = refusal(request, token) ?? { status: 200 };
  const body = JSON.stringify(status === 200 ? await sample() : rest);
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  response.writeHead(status, status === 401 ? { ...headers, 'WWW-Authenticate': 'Bearer' } : headers).end(`${body}\n`);
}

/** Why a request gets no sample. */
function refusal(
  { method, url, headers }: IncomingMessage,
  token: string | undefined,
): { readonly status: number; readonly error: string } | undefined {
  // A page of anybody could ask in the name of whoever looks at it.
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
    return { status: 403, error: 'requests from a browser page are refused' };
  const given = /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token !== undefined && (given === undefined || !timingSafeEqual(digest(given), digest(token))))
    return { status: 401, error: given === undefined ? 'a token is needed' : 'the token is wrong' };
  if (url !== '/sample') return { status: 404, error: 'there is /sample' };
  return method === 'GET' ? undefined : { status: 405, error: 'there is GET /sample' };
}

/** Digests have one length, whatever was given. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
