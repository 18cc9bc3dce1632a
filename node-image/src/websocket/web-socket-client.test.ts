import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { TestTraffic } from '../connection/traffic.test.fixture.ts';
import { CERTIFICATE, PRIVATE_KEY } from '../http/self-signed.test.fixture.ts';
import { closedPort, listen, serve, serveTcp, type TestServer } from '../http/servers.test.fixture.ts';
import { PROXY_KINDS, startProxy } from '../http/tunnel/tunnel-proxies.test.fixture.ts';
import { webSocketClient } from './web-socket-client.ts';
import type { WebSocketConnection, WebSocketOptions } from './web-socket-connection.ts';

afterEach(() => void vi.useRealTimers());

type Peer = TestServer & { readonly peers: readonly WebSocket[] };

/** A WebSocket server that welcomes at once, and answers each message with itself; `/close?1011` closes with that code. */
async function startChat(): Promise<Peer> {
  const http = createServer();
  const peers: WebSocket[] = [];
  const chat = new WebSocketServer({
    server: http,
    handleProtocols: (offered) => offered.values().next().value ?? false,
  });
  chat.on('connection', (socket, { url = '', headers }) => {
    peers.push(socket);
    socket.on('error', () => undefined);
    const code = Number(/^\/close\?(\d+)/.exec(url)?.[1]);
    if (code) return socket.close(code, 'bye');
    socket.send(`welcome ${headers['x-user'] ?? ''}`);
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  return { ...(await listen(http)), peers };
}

function connect(traffic: TestTraffic, url: string, options: WebSocketOptions = {}): Promise<WebSocketConnection> {
  return webSocketClient(traffic).connect(url, { timeout: 5000, ...options });
}

test('messages come and go, the first with the answer to the handshake, and are measured', async () => {
  await using server = await startChat();
  await using traffic = new TestTraffic({ target: server.url });
  const socket = await connect(traffic, '/rooms/17', { headers: { 'x-user': 'ann' }, protocols: ['chat'] });
  expect([socket.protocol, socket.isOpen]).toEqual(['chat', true]);
  expect((await socket.receive()).text()).toBe('welcome ann');
  await socket.sendJson({ id: 1 });
  expect((await socket.receive()).json()).toEqual({ id: 1 });
  await socket.send(new Uint8Array([1, 2]));
  const { bytes, isBinary } = await socket.receive();
  expect([[...bytes], isBinary]).toEqual([[1, 2], true]);
  expect(await socket.ping()).toBeGreaterThan(0);
  await socket.close();
  expect(socket.isOpen).toBe(false);

  const arrived = traffic.arrived();
  const [sent] = arrived.filter(({ name }) => name === 'ws_msgs_sent');
  expect(sent).toMatchObject({ value: 2, tags: { scenario: 'visit', name: 'WS /rooms/:id', phase: 'steady' } });
  const totals: Record<string, number> = {};
  for (const { name, type, value, weight } of arrived) {
    totals[name] = (totals[name] ?? 0) + (type === 'ms' ? weight : value * weight);
  }
  expect(totals).toEqual({
    ...{ ws_sessions: 1, ws_connecting: 1, ws_session_duration: 1, ws_session_failed: 0, ws_ping: 1, ws_waiting: 3 },
    ...{ ws_msgs_sent: 2, ws_msgs_received: 3, data_sent: 10, data_received: 21 },
  });
  expect(traffic.failures()).toEqual([]);
});

test('who waits for a message reads over others, and fails when it does not come', async () => {
  await using server = await startChat();
  await using traffic = new TestTraffic({ target: server.url });
  const socket = await connect(traffic, '/rooms', { name: 'chat' });
  for (const id of [1, 2, 3]) await socket.sendJson({ id });
  const isSecond = (message: { text(): string }): boolean => message.text() === '{"id":2}';
  expect((await socket.waitFor(isSecond)).json()).toEqual({ id: 2 });
  expect((await socket.receive()).json()).toEqual({ id: 3 });
  await expect(socket.waitFor(isSecond, { timeout: 30 })).rejects.toMatchObject({
    name: 'WebSocketError',
    failure: 'timeout',
    reason: 'no matching message within 30 ms',
  });
  const misspelt = socket.receive({ timout: 30 } as never);
  await expect(misspelt).rejects.toThrow("a wait for a WebSocket has no option 'timout' (did you mean 'timeout'?)");
  expect(traffic.failures()).toEqual(['1 timeout: chat: no matching message within 30 ms']);
  await socket.close();
  expect(traffic.recorded()).toMatchObject({ ws_session_failed: 1, failures: 1 });
});

test.each([
  ['in good order', 1000, 'eof', 0],
  ['with an error', 1011, 'status', 1],
] as const)('a peer that closes %s fails who waits for more', async (_, code, failure, failed) => {
  await using server = await startChat();
  await using traffic = new TestTraffic({ target: server.url });
  const idle = await connect(traffic, `/close?${code}`);
  while (idle.isOpen) await new Promise((resolve) => setImmediate(resolve));
  expect(traffic.recorded()).toMatchObject({ ws_session_failed: failed });
  await expect(idle.receive()).rejects.toMatchObject({
    failure,
    code,
    reason: `the peer closed the connection with ${code} (bye)`,
  });
  await expect(idle.send('x')).rejects.toMatchObject({ failure });
  expect(traffic.failures()).toHaveLength(1);
});

test('an option that there is not is refused', async () => {
  await using traffic = new TestTraffic({ target: 'http://127.0.0.1:1' });
  const misspelt = connect(traffic, '/chat', { protocol: 'v1' } as never);
  await expect(misspelt).rejects.toThrow("a WebSocket has no option 'protocol' (did you mean 'protocols'?)");
  expect(traffic.failures()).toEqual([]);
});

test('a session whose peer closes while a message is waited for has failed', async () => {
  await using server = await startChat();
  await using traffic = new TestTraffic({ target: server.url });
  const socket = await connect(traffic, '/');
  await socket.receive();
  const waiting = socket.receive();
  server.peers[0]?.close(1001);
  await expect(waiting).rejects.toMatchObject({ failure: 'eof', code: 1001 });
  expect(traffic.recorded()).toMatchObject({ ws_session_failed: 1, failures: 1 });
});

test('a connection that is cut or broken fails by its class, and all who wait hear of it', async () => {
  await using server = await startChat();
  await using traffic = new TestTraffic({ target: server.url });
  const [reset, eof, broken] = [await connect(traffic, '/'), await connect(traffic, '/'), await connect(traffic, '/')];
  const sockets = server.connections as readonly Socket[];
  for (const socket of [reset, eof, broken]) await socket.receive();
  const waiting = [reset.receive(), eof.receive(), broken.receive()];
  sockets[0]?.resetAndDestroy();
  sockets[1]?.destroy();
  // A frame with a reserved bit (RFC 6455, section 5.2).
  sockets[2]?.write(Buffer.from([0xf1, 0x01, 0x41]));
  const classes = await Promise.all(waiting.map((one) => one.catch((error: { failure: string }) => error.failure)));
  expect(classes).toEqual(['reset', 'eof', 'protocol']);
  expect(traffic.recorded()).toMatchObject({ ws_session_failed: 3, failures: 3 });
});

test('a message that is too large fails the connection', async () => {
  await using server = await startChat();
  await using traffic = new TestTraffic({ target: server.url });
  const socket = await connect(traffic, '/', { maxMessageBytes: 1000 });
  await socket.receive();
  await socket.send('x'.repeat(1001));
  await expect(socket.receive()).rejects.toMatchObject({ failure: 'other' });
  expect(socket.isOpen).toBe(false);
});

test('a handshake that is refused, fails or does not end is counted by its class', async () => {
  await using traffic = new TestTraffic();
  const classOf = (url: string, timeout = 10_000): Promise<unknown> =>
    connect(traffic, url, { timeout }).catch(({ failure, code }: { failure: string; code?: number }) => [
      failure,
      code,
    ]);
  await using forbidden = await serve((_, response) => response.writeHead(403).end());
  await using mute = await serveTcp(() => undefined);
  await using rude = await serveTcp((socket) => socket.resetAndDestroy());
  await using other = await serveTcp((socket) => socket.end('220 mail.test\r\n'));
  await using shy = await serveTcp((socket) => socket.end());
  const accepted = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n';
  await using wrong = await serveTcp((socket) => socket.write(`${accepted}sec-websocket-accept: AA==\r\n\r\n`));
  expect(await classOf(`${forbidden.url}/`)).toEqual(['status', 403]);
  expect(await classOf(`ws://127.0.0.1:${await closedPort()}`)).toEqual(['refused', undefined]);
  expect(await classOf(mute.url, 200)).toEqual(['timeout', undefined]);
  expect(await classOf(rude.url)).toEqual(['reset', undefined]);
  expect(await classOf(other.url)).toEqual(['protocol', undefined]);
  expect(await classOf(shy.url)).toEqual(['eof', undefined]);
  expect(await classOf(wrong.url)).toEqual(['protocol', undefined]);
  expect(await classOf('ws://nowhere.invalid')).toEqual(['dns', undefined]);
  expect(traffic.recorded()).toMatchObject({ ws_sessions: 8, ws_session_failed: 8, failures: 8 });
});

test('messages that nobody reads make the peer wait, and none is lost', async () => {
  await using server = await startChat();
  await using traffic = new TestTraffic({ target: server.url });
  const socket = await connect(traffic, '/');
  await socket.receive();
  const [peer] = server.peers;
  const many = 5000;
  for (let i = 0; i < many; i++) peer?.send(String(i));
  const got: number[] = [];
  while (got.length < many) got.push(Number((await socket.receive()).text()));
  expect(got).toEqual(Array.from({ length: many }, (_, i) => i));
});

test('a connection that is left open is closed with its scope, and cut with the run', async () => {
  await using server = await startChat();
  const traffic = new TestTraffic({ target: server.url });
  const left = await connect(traffic, '/');
  const [peer] = server.peers;
  const closed = once(peer as WebSocket, 'close');
  await traffic.scope.close();
  expect([(await closed)[0], left.isOpen, traffic.scope.size]).toEqual([1000, false, 0]);
  await expect(left.send('x')).rejects.toMatchObject({ failure: 'aborted' });

  const other = await connect(traffic, '/');
  await other.receive();
  const waiting = other.receive();
  traffic.cut();
  await expect(waiting).rejects.toMatchObject({ failure: 'aborted' });
  await expect(connect(traffic, '/')).rejects.toMatchObject({ failure: 'aborted' });
  expect([traffic.failures(), traffic.recorded().ws_session_failed]).toEqual([[], 0]);
});

test('a peer that does not answer a close is cut off', async () => {
  await using server = await startChat();
  await using traffic = new TestTraffic({ target: server.url });
  const socket = await connect(traffic, '/', { name: 'chat' });
  server.peers[0]?.pause();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const closed = socket.close();
  vi.advanceTimersByTime(1999);
  expect(traffic.failures()).toEqual([]);
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  await closed;
  expect(traffic.failures()).toEqual(['1 timeout: chat: no answer to the close within 2000 ms']);
});

test.each(PROXY_KINDS.flatMap((through) => ['ws', 'wss'].map((scheme) => ({ through, scheme }))))(
  '$scheme goes through $through.kind, which is told the name',
  async ({ scheme, through }) => {
    const secure = scheme === 'wss';
    const http = secure ? createSecure({ cert: CERTIFICATE, key: PRIVATE_KEY }) : createServer();
    new WebSocketServer({ server: http }).on('connection', (socket) => socket.send('welcome'));
    await using server = await listen(http);
    await using started = await startProxy(through);
    await using traffic = new TestTraffic();
    const proxy = started.as('ann:p%40ss');
    // The name is one of the certificate, and one that only the proxy takes for this machine.
    const name = secure ? 'localhost' : 'chat.test';
    const tls = { ca: CERTIFICATE };
    const socket = await connect(traffic, `${scheme}://${name}:${server.port}/rooms`, { proxy, tls });
    expect((await socket.receive()).text()).toBe('welcome');
    await socket.close();
    expect(started.asked).toEqual([`${name}:${server.port}`]);
    expect(traffic.failures()).toEqual([]);

    const nowhere = connect(traffic, `ws://chat.test:${await closedPort()}/`, { proxy });
    await expect(nowhere).rejects.toMatchObject(through.closed);
    await expect(connect(traffic, 'ws://chat.test/', { proxy: started.as() })).rejects.toThrow(through.nameless);
  },
);

test('a proxy that opens no tunnels is refused', async () => {
  await using traffic = new TestTraffic();
  await expect(connect(traffic, 'ws://chat.test/', { proxy: 'https://127.0.0.1:1' })).rejects.toThrow(TypeError);
});

test.each(PROXY_KINDS)(
  '$kind that never answers holds up a handshake no longer than its time, and keeps no connection',
  async ({ scheme }) => {
    const asking = Promise.withResolvers<Socket>();
    await using silent = await serveTcp((socket) => asking.resolve(socket));
    await using traffic = new TestTraffic();
    const opening = connect(traffic, 'ws://chat.test/', {
      proxy: `${scheme}://127.0.0.1:${silent.port}`,
      timeout: 100,
    });
    await expect(opening).rejects.toMatchObject({ failure: 'timeout' });
    const socket = await asking.promise;
    if (!socket.closed) await once(socket, 'close');
  },
);
