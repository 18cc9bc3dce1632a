import type { Socket } from 'node:net';
import { formatAddress, parseAddress } from '@loads/core';
import { CLOSED, CUT, type Failing, networkReason, tooLate } from '../connection/connection-error.ts';
import type { ConnectionScope } from '../connection/connection-scope.ts';
import { counted, dialled, type Traffic } from '../connection/traffic.ts';
import { classifyFailure } from '../http/classify-failure.ts';
import type { Endpoint } from '../http/open-socket.ts';
import { readySocket, readyTunnel } from '../http/ready-socket.ts';
import { tunnelProxy } from '../http/tunnel/tunnel-proxy.ts';
import { refuseUnknown } from '../options/unknown-option.ts';
import { MeasuredTcpConnection } from './measured-tcp-connection.ts';
import type { TcpConnection, TcpOptions } from './tcp-connection.ts';
import { TcpError } from './tcp-error.ts';
import { tcpMeters } from './tcp-meters.ts';

const TIMEOUT_MS = 30_000;

const OPTIONS: readonly string[] = Object.keys({
  name: true,
  timeout: true,
  tls: true,
  proxy: true,
} satisfies Record<keyof TcpOptions, true>);

/** Opens TCP connections. One that is left open is closed at the end of the iteration, worker or fixture that has opened it. */
export interface TcpClient {
  /**
   * Connects to `host:port`, through the chaos proxy that stands before it, where one does. Rejects with a `TcpError` when
   * that fails, and with a TypeError for an address that is none or an option
   * that there is not.
   */
  connect(address: string, options?: TcpOptions): Promise<TcpConnection>;
}

export function tcpClient(traffic: Traffic): TcpClient {
  return new TrafficTcpClient(traffic);
}

/** A class, since every worker has two, and idle workers are many. */
class TrafficTcpClient implements TcpClient {
  readonly #traffic: Traffic;

  constructor(traffic: Traffic) {
    this.#traffic = traffic;
  }

  connect(address: string, options: TcpOptions = {}): Promise<TcpConnection> {
    return connect(this.#traffic, address, options);
  }
}

async function connect(traffic: Traffic, text: string, options: TcpOptions): Promise<TcpConnection> {
  const parsed = parseAddress(text);
  if (!parsed) throw new TypeError(`expected an address such as db.example.com:5432, got '${text}'`);
  const address = formatAddress(parsed);
  refuseUnknown('a TCP connection', options, OPTIONS);
  const { name = `TCP ${address}`, timeout: timeoutMs = TIMEOUT_MS, tls = false, proxy } = options;
  const through = proxy === undefined ? undefined : tunnelProxy(proxy);
  const endpoint: Endpoint = {
    secure: tls !== false,
    hostname: parsed.host,
    dial: dialled(traffic, parsed),
    tls: typeof tls === 'object' ? tls : {},
  };
  const meters = tcpMeters(traffic, name);
  const fromMs = performance.now();
  meters.now.sessions(1, fromMs);
  const givenUp = new AbortController();
  // No protocol is offered: what is spoken over the connection is its user's affair.
  const how = { protocols: [], signal: givenUp.signal };
  let socket: Socket;
  try {
    const opening = through ? readyTunnel(through, endpoint, parsed, how) : readySocket(endpoint, how);
    socket = await untilReady(opening, { address, timeoutMs, scope: traffic.scope });
  } catch (error) {
    givenUp.abort();
    if (!(error instanceof TcpError)) throw error;
    if (error.failure !== 'aborted') meters.now.failed(true, fromMs, performance.now());
    throw counted(traffic, name, error, fromMs);
  }
  const toMs = performance.now();
  meters.now.connecting(toMs - fromMs, fromMs, toMs);
  return new MeasuredTcpConnection({ socket, address, name, timeoutMs, meters, traffic });
}

type Waiting = { readonly address: string; readonly timeoutMs: number; readonly scope: ConnectionScope };

/** Gives the socket when it is connected. Rejects with a TcpError when it will not be. */
async function untilReady(opening: Promise<Socket>, { address, timeoutMs, scope }: Waiting): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const fail = (failing: Failing): void => reject(new TcpError(address, failing));
  const attempt = { cut: () => fail(CUT), close: async () => fail(CLOSED) };
  const timer = setTimeout(() => fail(tooLate('connection', timeoutMs)), timeoutMs);
  scope.add(attempt);
  opening.then(resolve, (cause: Error) => {
    const failure = classifyFailure(cause);
    fail({ failure, reason: networkReason(failure, cause), cause });
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    scope.delete(attempt);
  }
}
