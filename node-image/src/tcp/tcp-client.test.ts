import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createServer as createTls } from 'node:tls';
import { expect, test } from 'vitest';
import { TestTraffic } from '../connection/traffic.test.fixture.ts';
import { CERTIFICATE, PRIVATE_KEY } from '../http/self-signed.test.fixture.ts';
import { closedPort, listen, serveTcp } from '../http/servers.test.fixture.ts';
import { PROXY_KINDS, startProxy } from '../http/tunnel/tunnel-proxies.test.fixture.ts';
import { tcpClient } from './tcp-client.ts';
import type { TcpConnection, TcpOptions } from './tcp-connection.ts';

function connect(traffic: TestTraffic, port: number, options: TcpOptions = {}): Promise<TcpConnection> {
  return tcpClient(traffic).connect(`127.0.0.1:${port}`, { timeout: 5000, ...options });
}

test('all is sent, and read in the pieces that are asked for', async () => {
  await using server = await serveTcp((socket) => socket.end('HELLO\r\nabcdefrest'));
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, server.port);
  await connection.sendAll('EHLO\r\n');
  expect((await connection.receiveUntil('\r\n')).toString()).toBe('HELLO');
  expect((await connection.receiveExactly(6)).toString()).toBe('abcdef');
  expect((await connection.receiveAll()).toString()).toBe('rest');
  await expect(connection.receive()).rejects.toMatchObject({
    name: 'TcpError',
    failure: 'eof',
    message: `TCP 127.0.0.1:${server.port}: the peer closed the connection`,
  });
  await connection.close();
  expect(traffic.failures()).toEqual([`1 eof: TCP 127.0.0.1:${server.port}: the peer closed the connection`]);
  expect(traffic.recorded()).toMatchObject({
    tcp_sessions: 1,
    tcp_connecting: 1,
    tcp_session_duration: 1,
    tcp_waiting: 3,
  });
});

test('megabytes go through in both directions, whoever is slower', async () => {
  const bytes = Buffer.alloc(8 << 20, 'abc');
  await using server = await listenEcho();
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, server.port);
  const sent = connection.sendAll(bytes).then(() => connection.end());
  const whole = await connection.receiveAll();
  await sent;
  expect([whole.length, whole.equals(bytes)]).toEqual([bytes.length, true]);
  const totals = new Map(traffic.arrived().map(({ name, value }) => [name, value]));
  expect([totals.get('data_sent'), totals.get('data_received')]).toEqual([bytes.length, bytes.length]);
});

function listenEcho(): ReturnType<typeof listen> {
  return listen(createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket).on('error', () => undefined)));
}

test('over TLS the certificate is checked', async () => {
  const tls = createTls({ cert: CERTIFICATE, key: PRIVATE_KEY }, (socket) => socket.end('safe'));
  tls.on('tlsClientError', () => undefined);
  await using server = await listen(tls);
  const dial = new Map([['shop.test:1', { host: '127.0.0.1', port: server.port }]]);
  await using traffic = new TestTraffic({ dial });
  const trusting = await tcpClient(traffic).connect('shop.test:1', { tls: { ca: CERTIFICATE } });
  expect((await trusting.receiveAll()).toString()).toBe('safe');
  await expect(tcpClient(traffic).connect('shop.test:1', { tls: true, name: 'safe' })).rejects.toMatchObject({
    failure: 'tls',
  });
  expect(traffic.recorded()).toMatchObject({ tcp_sessions: 2, tcp_connecting: 1, tcp_session_failed: 1 });
});

test('a port where nobody listens, and one that never answers, fail by their class', async () => {
  await using traffic = new TestTraffic();
  await expect(connect(traffic, await closedPort())).rejects.toMatchObject({ failure: 'refused' });
  await using mute = await serveTcp(() => undefined);
  await expect(connect(traffic, mute.port, { tls: true, timeout: 50 })).rejects.toMatchObject({ failure: 'timeout' });
  expect(traffic.recorded()).toMatchObject({ tcp_sessions: 2, tcp_session_failed: 2, failures: 2 });
  await expect(tcpClient(traffic).connect('shop.test')).rejects.toThrow("got 'shop.test'");
  const misspelt = tcpClient(traffic).connect('shop.test:1', { timout: 5 } as never);
  await expect(misspelt).rejects.toThrow("a TCP connection has no option 'timout' (did you mean 'timeout'?)");
});

test('what does not come in time is a failure, and what comes later can be read', async () => {
  let peer: Socket | undefined;
  await using server = await serveTcp((socket) => {
    peer = socket;
  });
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, server.port, { name: 'redis' });
  await connection.sendAll('x');
  await expect(connection.receiveExactly(4, { timeout: 30 })).rejects.toMatchObject({
    failure: 'timeout',
    reason: 'no 4 bytes within 30 ms',
  });
  const misspelt = connection.receive({ timout: 30 } as never);
  await expect(misspelt).rejects.toThrow("a read or write of TCP has no option 'timout' (did you mean 'timeout'?)");
  peer?.write('late');
  expect((await connection.receiveExactly(4)).toString()).toBe('late');
  expect(traffic.failures()).toEqual(['1 timeout: redis: no 4 bytes within 30 ms']);
});

test('a reset is told to who waits, and to who goes on', async () => {
  await using server = await serveTcp((socket) => socket.resetAndDestroy());
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, server.port);
  const received = connection.receive();
  await connection.sendAll('x');
  await expect(received).rejects.toMatchObject({ failure: 'reset' });
  await expect(connection.sendAll('y')).rejects.toMatchObject({ failure: 'reset' });
  expect(connection.isOpen).toBe(false);
  expect(traffic.recorded()).toMatchObject({ failures: 1, tcp_session_failed: 1 });
});

test('a line without an end in sight, and a peer that takes nothing, fail within their limits', async () => {
  await using server = await serveTcp((socket) => socket.write('x'.repeat(3000)));
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, server.port);
  await connection.sendAll('x');
  await expect(connection.receiveUntil('\n', { maxBytes: 2000 })).rejects.toMatchObject({ failure: 'other' });
  await using deaf = await listen(createServer({ pauseOnConnect: true }));
  const full = await connect(traffic, deaf.port);
  await expect(full.sendAll(Buffer.alloc(32 << 20), { timeout: 100 })).rejects.toMatchObject({ failure: 'timeout' });
  expect(full.isOpen).toBe(false);
});

test('a delimiter is found where it comes in two parts', async () => {
  let peer: Socket | undefined;
  await using server = await serveTcp((socket) => {
    peer = socket;
    socket.write('hello\r');
  });
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, server.port);
  await connection.sendAll('x');
  const line = connection.receiveUntil('\r\n');
  while (!traffic.arrived().some(({ name }) => name === 'data_received')) await nextTurn();
  peer?.write('\nrest');
  expect((await line).toString()).toBe('hello');
  expect((await connection.receiveExactly(4)).toString()).toBe('rest');
});

test('two readers at the same time are refused', async () => {
  await using server = await serveTcp((socket) => socket.write('abc'));
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, server.port);
  const first = connection.receive();
  await expect(connection.receive()).rejects.toThrow('somebody reads from this connection already');
  await connection.sendAll('x');
  expect((await first).toString()).toBe('abc');
});

test('a connection that is left open is closed with its scope, and cut with the run', async () => {
  await using server = await serveTcp(() => undefined);
  const traffic = new TestTraffic();
  const left = await connect(traffic, server.port);
  await left.sendAll('x');
  const [accepted] = server.connections;
  const gone = once(accepted as Socket, 'close');
  await traffic.scope.close();
  await gone;
  const waiting = await connect(traffic, server.port);
  const received = waiting.receive();
  traffic.cut();
  await expect(received).rejects.toMatchObject({ failure: 'aborted' });
  await expect(connect(traffic, server.port)).rejects.toMatchObject({ failure: 'aborted' });
  expect([traffic.failures(), traffic.recorded().tcp_session_failed]).toEqual([[], 0]);
});

test.each(
  PROXY_KINDS.flatMap((through) => [
    { through, what: 'a connection', secure: false },
    { through, what: 'TLS', secure: true },
  ]),
)('$what goes through $through.kind, which is told the name', async ({ through, secure }) => {
  const answer = (socket: Socket): unknown => socket.on('error', () => undefined).on('data', () => socket.end('tea'));
  const server = secure ? createTls({ cert: CERTIFICATE, key: PRIVATE_KEY }, answer) : createServer(answer);
  await using listening = await listen(server);
  await using started = await startProxy(through);
  await using traffic = new TestTraffic();
  const options = { proxy: started.as('ann:p%40ss'), timeout: 5000 };
  const name = secure ? 'localhost' : 'shop.test';
  const connection = await tcpClient(traffic).connect(`${name}:${listening.port}`, {
    ...options,
    tls: secure && { ca: CERTIFICATE },
  });
  await connection.sendAll('please');
  expect((await connection.receiveAll()).toString()).toBe('tea');
  expect(started.asked).toEqual([`${name}:${listening.port}`]);
  expect(traffic.failures()).toEqual([]);

  const nowhere = tcpClient(traffic).connect(`shop.test:${await closedPort()}`, options);
  await expect(nowhere).rejects.toMatchObject(through.closed);
  const silent = await closedPort();
  const noProxy = tcpClient(traffic).connect('shop.test:1', { proxy: `${through.scheme}://127.0.0.1:${silent}` });
  await expect(noProxy).rejects.toMatchObject({
    failure: 'refused',
    reason: `connection refused by the proxy 127.0.0.1:${silent}`,
  });
  const guessing = tcpClient(traffic).connect('shop.test:1', { proxy: started.as('ann:guess') });
  await expect(guessing).rejects.toMatchObject({ failure: 'other', reason: expect.stringMatching(through.stranger) });
});

test('what a server says first comes through an HTTP proxy, also with its answer', async () => {
  await using proxy = await serveTcp((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n220 mail.test\r\n'));
  await using traffic = new TestTraffic();
  const through = { proxy: `http://127.0.0.1:${proxy.port}`, timeout: 5000 };
  const connection = await tcpClient(traffic).connect('mail.test:25', through);
  expect((await connection.receiveUntil('\r\n')).toString()).toBe('220 mail.test');
});
