import { createServer } from 'node:http2';
import { connect as connectTcp, createServer as createTcp, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { TestTraffic } from '../connection/traffic.test.fixture.ts';
import { CERTIFICATE } from '../http/self-signed.test.fixture.ts';
import { closedPort, listen, serveTcp } from '../http/servers.test.fixture.ts';
import { PROXY_KINDS, startProxy } from '../http/tunnel/tunnel-proxies.test.fixture.ts';
import { grpcClient } from './grpc-client.ts';
import type { GrpcConnection, GrpcOptions } from './grpc-connection.ts';
import { SHOP_PROTO, startShop } from './grpc-server.test.fixture.ts';

type Item = { readonly item_name: string; readonly price: string };

function connect(traffic: TestTraffic, address: string, options: Partial<GrpcOptions> = {}): Promise<GrpcConnection> {
  return grpcClient(traffic).connect(address, { proto: SHOP_PROTO, timeout: 5000, ...options });
}

test('a call gives its message, status and trailers, and is measured', async () => {
  await using shop = await startShop();
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, shop.address, { metadata: { 'x-user': 'ann' } });
  const options = { metadata: { 'x-bin-bin': Buffer.from([1, 255]) } };
  const response = await connection.call<Item>('shop.Shop/GetItem', { name: 'rope' }, options);
  expect(response).toMatchObject({
    status: 'OK',
    message: { item_name: 'rope', price: '9007199254740993' },
    metadata: { 'x-stock': '3' },
  });
  expect(response.durationMs).toBeGreaterThan(0);
  expect(shop.metadata()?.getMap()).toMatchObject({ 'x-user': 'ann', 'x-bin-bin': Buffer.from([1, 255]) });
  const arrived = traffic.arrived();
  const duration = arrived.find(({ name }) => name === 'grpc_req_duration');
  expect(duration?.tags).toEqual({
    ...{ scenario: 'visit', name: 'shop.Shop/GetItem', method: 'shop.Shop/GetItem', status: 'OK', phase: 'steady' },
  });
  expect(arrived.map(({ name }) => name)).toEqual([
    ...['grpc_reqs', 'grpc_req_duration', 'grpc_req_failed', 'data_sent', 'data_received'],
  ]);
  expect(traffic.failures()).toEqual([]);
});

test('a status that is not OK fails the call, unless it is expected', async () => {
  await using shop = await startShop();
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, shop.address);
  const failed = connection.call('/shop.Shop/GetItem', { name: 'moon' }, { name: 'get' });
  await expect(failed).rejects.toMatchObject({
    name: 'GrpcError',
    status: 'NOT_FOUND',
    details: 'no such item',
    failure: 'status',
    message: 'gRPC shop.Shop/GetItem: NOT_FOUND: no such item',
  });
  const expected = await connection.call('shop.Shop/GetItem', { name: 'moon' }, { expectStatus: 'NOT_FOUND' });
  for (const expectStatus of [['OK', 'NOT_FOUND'], (status: string) => status !== 'OK'] as const)
    await connection.call('shop.Shop/GetItem', { name: 'moon' }, { expectStatus });
  expect(expected.status).toBe('NOT_FOUND');
  const meant = { expectStatus: 404 } as object;
  await expect(connection.call('shop.Shop/GetItem', { name: 'moon' }, meant)).rejects.toThrow(TypeError);
  expect(traffic.failures()).toEqual(['1 status: get: NOT_FOUND: no such item']);
  expect(traffic.recorded()).toMatchObject({ grpc_reqs: 4, grpc_req_failed: 1, failures: 1 });
});

test('a deadline and a limit of size end a call', async () => {
  await using shop = await startShop();
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, shop.address);
  const slow = connection.call('shop.Shop/GetItem', { name: 'slow' }, { timeout: 60 });
  await expect(slow).rejects.toMatchObject({ status: 'DEADLINE_EXCEEDED', failure: 'timeout' });
  const huge = connection.call('shop.Shop/GetItem', { name: 'huge' });
  await expect(huge).rejects.toMatchObject({ status: 'RESOURCE_EXHAUSTED', failure: 'status' });
  const wide = await connect(traffic, shop.address, { maxMessageBytes: 6 << 20 });
  expect((await wide.call('shop.Shop/GetItem', { name: 'huge' })).status).toBe('OK');
});

test('a stream of the server is read to its end, also by a loop that leaves early', async () => {
  await using shop = await startShop();
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, shop.address);
  const list = connection.serverStream<Item>('shop.Shop/ListItems', { name: 'rope', count: 3 });
  const names: string[] = [];
  for await (const item of list) names.push(item.item_name);
  expect(names).toEqual(['rope 0', 'rope 1', 'rope 2']);
  expect(await list.finish()).toMatchObject({ status: 'OK' });

  const long = connection.serverStream<Item>('shop.Shop/ListItems', { name: 'rope', count: 5000 });
  for await (const item of long) if (item.item_name === 'rope 2') break;
  await expect(long.finish()).rejects.toMatchObject({ status: 'CANCELLED', failure: 'aborted' });
  expect(traffic.failures()).toEqual([]);
  const { grpc_streams, grpc_streams_msgs_sent, grpc_reqs, grpc_req_failed } = traffic.recorded();
  expect({ grpc_streams, grpc_streams_msgs_sent, grpc_reqs, grpc_req_failed }).toEqual({
    ...{ grpc_streams: 2, grpc_streams_msgs_sent: 2, grpc_reqs: 2, grpc_req_failed: 0 },
  });
});

test('a stream that breaks gives what came before it broke', async () => {
  await using shop = await startShop();
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, shop.address);
  const list = connection.serverStream<Item>('shop.Shop/ListItems', { name: 'broken', count: 2 });
  expect([(await list.receive())?.item_name, (await list.receive())?.item_name]).toEqual(['broken 0', 'broken 1']);
  await expect(list.receive()).rejects.toMatchObject({ status: 'DATA_LOSS', details: 'fire' });
  expect(traffic.failures()).toEqual(['1 status: shop.Shop/ListItems: DATA_LOSS: fire']);
});

test('streams of the client, and in both directions', async () => {
  await using shop = await startShop();
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, shop.address);
  const put = connection.clientStream<{ item_name: string }, { count: number }>('shop.Shop/PutItems');
  for (const item_name of ['a', 'b', 'c']) await put.send({ item_name });
  expect(await put.finish()).toMatchObject({ status: 'OK', message: { count: 3 } });

  const chat = connection.duplex<{ item_name: string }, Item>('shop.Shop/Chat');
  for (const item_name of ['ping', 'pong']) {
    await chat.send({ item_name });
    expect((await chat.receive())?.item_name).toBe(item_name);
  }
  chat.end();
  expect(await chat.receive()).toBeUndefined();
  expect(traffic.recorded()).toMatchObject({ grpc_streams_msgs_sent: 5, grpc_streams_msgs_received: 3, grpc_reqs: 2 });
});

test('over TLS the certificate is checked against the name', async () => {
  await using shop = await startShop({ tls: true });
  const dial = new Map([['shop.test:443', { host: '127.0.0.1', port: shop.port }]]);
  await using traffic = new TestTraffic({ dial });
  const trusting = await connect(traffic, 'shop.test:443', { tls: { ca: CERTIFICATE } });
  expect((await trusting.call('shop.Shop/GetItem', { name: 'rope' })).status).toBe('OK');
  const strict = await connect(traffic, 'shop.test:443', { tls: true });
  await expect(strict.call('shop.Shop/GetItem', { name: 'rope' })).rejects.toMatchObject({
    status: 'UNAVAILABLE',
    failure: 'tls',
  });
});

test.each([
  [
    'nobody listens',
    'refused',
    async () => ({ port: await closedPort(), [Symbol.asyncDispose]: () => Promise.resolve() }),
  ],
  ['the peer resets', 'reset', () => serveTcp((socket) => socket.resetAndDestroy())],
  ['the peer closes', 'eof', () => serveTcp((socket) => socket.end())],
  ['the peer says nothing', 'timeout', () => serveTcp(() => undefined)],
] as const)('a call fails by its class when %s', async (_, failure, start) => {
  await using server = await start();
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, `127.0.0.1:${server.port}`, {
    timeout: failure === 'timeout' ? 200 : 10_000,
  });
  await expect(connection.call('shop.Shop/GetItem', { name: 'rope' })).rejects.toMatchObject({ failure });
});

test('a name that does not resolve is one of its class', async () => {
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, 'nowhere.invalid:443');
  await expect(connection.call('shop.Shop/GetItem', { name: 'rope' })).rejects.toMatchObject({ failure: 'dns' });
});

test('what is under way when the connection or the run ends has not failed', async () => {
  await using shop = await startShop();
  const traffic = new TestTraffic();
  const [one, other] = [await connect(traffic, shop.address), await connect(traffic, shop.address)];
  const closed = one.call('shop.Shop/GetItem', { name: 'slow' });
  const cut = other.duplex('shop.Shop/Chat');
  const received = cut.receive();
  await one.close();
  await expect(closed).rejects.toMatchObject({ failure: 'aborted' });
  traffic.cut();
  await expect(received).rejects.toMatchObject({ failure: 'aborted' });
  await expect(other.call('shop.Shop/GetItem', { name: 'rope' })).rejects.toMatchObject({ failure: 'aborted' });
  expect(traffic.failures()).toEqual([]);
  expect(traffic.recorded()).toMatchObject({ grpc_reqs: 2, grpc_req_failed: 0 });
});

test.each<[string, (connection: GrpcConnection) => Promise<unknown>, RegExp]>([
  ['that is not there', (one) => one.call('shop.Shop/GetItems', {}), /no method 'shop.Shop\/GetItems'; did you mean '/],
  [
    'of another kind',
    (one) => one.call('shop.Shop/Chat', {}),
    /^shop.Shop\/Chat is called by `duplex`, not by `call`$/,
  ],
  [
    'with an option that there is not',
    (one) => one.call('shop.Shop/GetItem', {}, { deadline: 5 } as never),
    /^a gRPC call has no option 'deadline': there are name, /,
  ],
])('a method %s is refused by its name', async (_, use, message) => {
  await using traffic = new TestTraffic();
  await expect(use(await connect(traffic, '127.0.0.1:1'))).rejects.toThrow(message);
});

test('a file or an address that is none is refused', async () => {
  await using traffic = new TestTraffic();
  await expect(connect(traffic, '127.0.0.1:1', { proto: 'nowhere.proto' })).rejects.toMatchObject({
    code: 'ERR_SCENARIO_LOAD',
    message: expect.stringMatching(/nowhere.proto cannot be read: /),
  });
  await expect(connect(traffic, 'shop.test')).rejects.toThrow("got 'shop.test'");
  const misspelt = connect(traffic, '127.0.0.1:1', { timout: 5 } as never);
  await expect(misspelt).rejects.toThrow("a gRPC connection has no option 'timout'");
});

test('options of the channel are passed on: keepalive pings are sent while a call is under way', async () => {
  await using traffic = new TestTraffic();
  let pings = 0;
  const server = createServer();
  server.on('session', (session) => {
    session.on('ping', () => {
      pings += 1;
    });
  });
  await using listening = await listen(server as unknown as Server);
  const connection = await connect(traffic, `127.0.0.1:${listening.port}`, {
    channelOptions: { 'grpc.keepalive_time_ms': 50, 'grpc.keepalive_timeout_ms': 5000 },
  });
  // It never answers the call, but its pings.
  await expect(connection.call('shop.Shop/GetItem', { name: 'rope' }, { timeout: 1000 })).rejects.toMatchObject({
    status: 'DEADLINE_EXCEEDED',
  });
  expect(pings).toBeGreaterThan(1);
});

test.each(
  PROXY_KINDS.flatMap((through) => [
    { through, how: 'without TLS', secure: false },
    { through, how: 'over TLS', secure: true },
  ]),
)('$how calls go through $through.kind, which is told the name', async ({ through, secure }) => {
  await using shop = await startShop({ tls: secure });
  await using started = await startProxy(through);
  await using traffic = new TestTraffic();
  const proxy = started.as('ann:p%40ss');
  // The name is one of the certificate, and one that only the proxy takes for this machine.
  const name = secure ? 'localhost' : 'shop.test';
  const options = { proxy, ...(secure && { tls: { ca: CERTIFICATE } }) };
  const connection = await connect(traffic, `${name}:${shop.port}`, options);
  for (let i = 0; i < 3; i++) {
    const { message } = await connection.call<Item>('shop.Shop/GetItem', { name: 'rope' });
    expect(message.item_name).toBe('rope');
  }
  expect(started.asked).toEqual([`${name}:${shop.port}`]);
  expect(traffic.failures()).toEqual([]);

  const nowhere = await connect(traffic, `shop.test:${await closedPort()}`, { proxy });
  await expect(nowhere.call('shop.Shop/GetItem', { name: 'rope' })).rejects.toMatchObject({
    failure: through.closed.failure,
    reason: `${through.closed.reason} (UNAVAILABLE)`,
  });
  const silent = `127.0.0.1:${await closedPort()}`;
  const noProxy = await connect(traffic, 'shop.test:1', { proxy: `${through.scheme}://${silent}` });
  await expect(noProxy.call('shop.Shop/GetItem', { name: 'rope' })).rejects.toMatchObject({
    failure: 'refused',
    reason: `connection refused by the proxy ${silent} (UNAVAILABLE)`,
  });
  const guessing = await connect(traffic, 'shop.test:1', { proxy: started.as('ann:guess') });
  await expect(guessing.call('shop.Shop/GetItem', { name: 'rope' })).rejects.toMatchObject({
    failure: 'other',
    message: expect.stringMatching(through.stranger),
  });
});

test('what a server says before it is asked may come with the answer of the proxy', async () => {
  await using shop = await startShop();
  const proxy = createTcp((client) => {
    const there = connectTcp(shop.port, '127.0.0.1');
    client.on('error', () => undefined).on('close', () => there.destroy());
    // The settings of HTTP/2.
    client.once('data', () =>
      there.once('data', (settings: Buffer) => {
        client.write(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), settings]));
        client.pipe(there).pipe(client);
      }),
    );
  });
  await using listening = await listen(proxy);
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, 'shop.test:1', { proxy: `http://127.0.0.1:${listening.port}` });
  const { message } = await connection.call<Item>('shop.Shop/GetItem', { name: 'rope' });
  expect(message.item_name).toBe('rope');
});

test.each(PROXY_KINDS)('$kind that closes the connection is not taken for TLS that fails', async ({ scheme }) => {
  await using closing = await serveTcp((socket) => socket.end());
  await using traffic = new TestTraffic();
  const connection = await connect(traffic, 'shop.test:1', { proxy: `${scheme}://127.0.0.1:${closing.port}` });
  await expect(connection.call('shop.Shop/GetItem', { name: 'rope' })).rejects.toMatchObject({
    failure: 'other',
    reason: 'the proxy closed the connection before it opened a tunnel (UNAVAILABLE)',
  });
});
