import type { Socket } from 'node:net';
import type { Address } from '@loads/core';
import type { ClientOptions, WebSocket } from 'ws';
import { CLOSED, CUT, type Failing, networkReason, tooLate } from '../connection/connection-error.ts';
import type { ConnectionScope } from '../connection/connection-scope.ts';
import { counted, dialled, type Traffic } from '../connection/traffic.ts';
import { watchConduct } from '../connection/watch-conduct.ts';
import { classifyFailure, codeOf, type PeerConduct } from '../http/classify-failure.ts';
import type { FailureClass } from '../http/failure-class.ts';
import { type Endpoint, openSocket } from '../http/open-socket.ts';
import { readyTunnel } from '../http/ready-socket.ts';
import { requestName } from '../http/request-name.ts';
import { type TunnelProxy, tunnelProxy } from '../http/tunnel/tunnel-proxy.ts';
import { refuseUnknown } from '../options/unknown-option.ts';
import { MeasuredWebSocket } from './measured-web-socket.ts';
import type { WebSocketConnection, WebSocketOptions } from './web-socket-connection.ts';
import { WebSocketError } from './web-socket-error.ts';
import { webSocketMeters } from './web-socket-meters.ts';
import { webSocketUrl } from './web-socket-url.ts';

const TIMEOUT_MS = 30_000;
const MAX_MESSAGE_BYTES = 16 << 20;

const OPTIONS: readonly string[] = Object.keys({
  name: true,
  headers: true,
  protocols: true,
  timeout: true,
  maxMessageBytes: true,
  compress: true,
  tls: true,
  proxy: true,
} satisfies Record<keyof WebSocketOptions, true>);

/** Opens WebSockets. One that is left open is closed at the end of the iteration, worker or fixture that has opened it. */
export interface WebSocketClient {
  /**
   * Opens a connection: `await ws.connect('/chat')`. Relative URLs start at the run's target. Rejects with a
   * `WebSocketError` when it does not open, and with a TypeError for a URL that cannot be one or an option that there is not.
   */
  connect(url: string | URL, options?: WebSocketOptions): Promise<WebSocketConnection>;
}

export function webSocketClient(traffic: Traffic): WebSocketClient {
  return new TrafficWebSocketClient(traffic);
}

/** A class, since every worker has two, and idle workers are many. */
class TrafficWebSocketClient implements WebSocketClient {
  readonly #traffic: Traffic;

  constructor(traffic: Traffic) {
    this.#traffic = traffic;
  }

  connect(url: string | URL, options: WebSocketOptions = {}): Promise<WebSocketConnection> {
    return connect(this.#traffic, url, options);
  }
}

async function connect(
  traffic: Traffic,
  givenUrl: string | URL,
  options: WebSocketOptions,
): Promise<WebSocketConnection> {
  refuseUnknown('a WebSocket', options, OPTIONS);
  const url = webSocketUrl(givenUrl, traffic.target);
  const name = options.name ?? requestName('WS', url.pathname);
  const timeoutMs = options.timeout ?? TIMEOUT_MS;
  const through = options.proxy === undefined ? undefined : tunnelProxy(options.proxy);
  const meters = webSocketMeters(traffic, name);
  // Only here: most scenarios do not need it.
  const ws = await import('ws');
  const fromMs = performance.now();
  meters.now.sessions(1, fromMs);
  let opening: Opening | undefined;
  const givenUp = new AbortController();
  try {
    opening = open(ws.WebSocket, url, options, { traffic, through, givenUp: givenUp.signal });
    const { socket, conduct } = opening;
    await untilOpen(opening, url, timeoutMs, traffic.scope);
    const toMs = performance.now();
    meters.now.connecting(toMs - fromMs, fromMs, toMs);
    return new MeasuredWebSocket({ socket, name, timeoutMs, meters, traffic, conduct });
  } catch (error) {
    opening?.socket.terminate();
    givenUp.abort();
    if (!(error instanceof WebSocketError)) throw error;
    if (error.failure !== 'aborted') meters.now.failed(true, fromMs, performance.now());
    throw counted(traffic, name, error, fromMs);
  }
}

type Opening = { readonly socket: WebSocket; readonly conduct: () => PeerConduct };

/** Takes a connection that has been made, or why there is none (the option `createConnection` of `node:http`). */
type Created = (error: Error | null, socket?: Socket) => void;

/** Where a connection leads beside its URL: the proxy before it, and what ends the way there. */
type Way = { readonly traffic: Traffic; readonly through: TunnelProxy | undefined; readonly givenUp: AbortSignal };

function open(
  Socket: typeof WebSocket,
  url: URL,
  options: WebSocketOptions,
  { traffic, through, givenUp }: Way,
): Opening {
  const { headers, protocols = [], maxMessageBytes = MAX_MESSAGE_BYTES, compress = false, tls = {} } = options;
  const secure = url.protocol === 'wss:';
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const address: Address = { host: hostname, port: url.port === '' ? (secure ? 443 : 80) : Number(url.port) };
  let conduct: () => PeerConduct = () => ({ ended: false, reset: false });
  const watched = (socket: Socket): Socket => {
    conduct = watchConduct(socket);
    return socket;
  };
  const endpoint: Endpoint = { secure, hostname, dial: dialled(traffic, address), tls };
  const createConnection = through
    ? (_: unknown, created: Created): void => {
        readyTunnel(through, endpoint, address, { signal: givenUp }).then(
          (socket) => created(null, watched(socket)),
          (error: Error) => created(error),
        );
      }
    : () => watched(openSocket(endpoint));
  const settings: ClientOptions = {
    headers: { ...headers },
    maxPayload: maxMessageBytes,
    perMessageDeflate: compress,
    createConnection: createConnection as unknown as NonNullable<ClientOptions['createConnection']>,
  };
  return { socket: new Socket(url, [...protocols], settings), conduct: () => conduct() };
}

/** Resolves when the handshake is through, with the socket paused. Rejects with a WebSocketError when it is not to be. */
async function untilOpen(
  { socket, conduct }: Opening,
  url: URL,
  timeoutMs: number,
  scope: ConnectionScope,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (failing: Failing, code?: number): void => reject(new WebSocketError(url.href, failing, code));
  const attempt = { cut: () => fail(CUT), close: async () => fail(CLOSED) };
  const timer = setTimeout(() => fail(tooLate('opening handshake', timeoutMs)), timeoutMs);
  scope.add(attempt);
  socket.once('open', () => {
    socket.pause();
    resolve();
  });
  // It stays, since giving up a handshake is an error, too.
  socket.on('error', (cause) => {
    const failure = handshakeFailure(cause, conduct());
    fail({ failure, reason: networkReason(failure, cause), cause });
  });
  socket.once('unexpected-response', (_, { statusCode = 0 }) => {
    fail({ failure: 'status', reason: `the handshake was answered with ${statusCode}` }, statusCode);
  });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    scope.delete(attempt);
  }
}

/** `ws` gives no codes to what it dislikes about an answer, and Node's HTTP client the same one to a FIN as to an RST. */
function handshakeFailure(cause: Error, { ended, reset }: PeerConduct): FailureClass {
  const code = codeOf(cause);
  if (code === '' || code.startsWith('HPE_')) return 'protocol';
  return code === 'ECONNRESET' && ended && !reset ? 'eof' : classifyFailure(cause);
}
