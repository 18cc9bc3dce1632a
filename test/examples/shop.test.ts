import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { lineSplitter } from '../../examples/shop/line-splitter.ts';
import { type Address, listen } from '../../examples/shop/listen.ts';
import { type Shop, type ShopOptions, startShop } from '../../examples/shop/service.ts';
import { startStock } from '../../examples/shop/stock.ts';
import { StockClient } from '../../examples/shop/stock-client.ts';

const MAIN = join(import.meta.dirname, '../../examples/shop/main.ts');

test('lines are whole, however the stream is cut', () => {
  const lines: string[] = [];
  const take = lineSplitter((line) => lines.push(line));
  for (const piece of ['GET ro', 'pe\r\nLI', 'ST', '\n\nGET glue\nTAKE']) take(piece);
  expect(lines).toEqual(['GET rope', 'LIST', '', 'GET glue']);
});

test('the stock answers one line for each line, in order', async () => {
  await using stock = await startStock({ levels: { rope: 3 } });
  const socket = connect(stock.address);
  const answers = text(socket);
  socket.end('GET rope\nTAKE rope 2\nTAKE rope 2\nGET glue\nADD glue 7\nLIST\nADD rope -1\nDROP rope\nGET\n');
  expect((await answers).split('\n')).toEqual([
    ...[
      'OK 3',
      'OK 1',
      'ERR short',
      'ERR unknown',
      'OK 7',
      'OK rope=1 glue=7',
      'ERR syntax',
      'ERR syntax',
      'ERR syntax',
    ],
    '',
  ]);
});

test('items can be listed and read', async () => {
  await using stock = await startStock({ levels: { rope: 3 } });
  await using shop = await startShop({ stock: stock.address });
  const rope = { id: 'rope', name: 'Rope, 20 m', priceCents: 2_100, left: 3 };
  expect(await call(shop, '/items')).toEqual({ status: 200, body: expect.arrayContaining([rope]) });
  expect(await call(shop, '/items/rope?full=1')).toEqual({ status: 200, body: rope });
  expect(await call(shop, '/items/glue')).toEqual({ status: 200, body: expect.objectContaining({ left: 0 }) });
  expect(await call(shop, '/items/moon')).toEqual({ status: 404, body: { error: "there is no item 'moon'" } });
  expect(await call(shop, '/health')).toEqual({ status: 200, body: { status: 'ok' } });
});

test('an order takes from the stock until there is not enough', async () => {
  await using stock = await startStock({ levels: { rope: 3 } });
  await using shop = await startShop({ stock: stock.address });
  const order = { item: 'rope', quantity: 2 };
  expect(await post(shop, order)).toEqual({ status: 201, body: { id: expect.any(String), ...order } });
  expect(await post(shop, order)).toEqual({ status: 409, body: { error: "'rope' is out of stock" } });
  expect(await call(shop, '/items/rope')).toEqual({ status: 200, body: expect.objectContaining({ left: 1 }) });
});

test.each([
  ['no JSON', 'rope', 400],
  ['no object', '1', 400],
  ['null', 'null', 400],
  ['no item', '{"quantity":1}', 400],
  ['nothing of it', '{"item":"rope","quantity":0}', 400],
  ['a part of it', '{"item":"rope","quantity":1.5}', 400],
  ['too much of it', '{"item":"rope","quantity":101}', 400],
  ['an item that is not sold', '{"item":"moon","quantity":1}', 404],
])('an order of %s is refused and leaves the stock alone', async (_, body, status) => {
  await using stock = await startStock({ levels: { rope: 3 } });
  await using shop = await startShop({ stock: stock.address });
  expect(await call(shop, '/orders', { method: 'POST', body })).toEqual({
    status,
    body: { error: expect.any(String) },
  });
  expect(await call(shop, '/items/rope')).toMatchObject({ body: { left: 3 } });
});

test('the counts are exact: every request by its route, every answer by its status', async () => {
  await using stock = await startStock({ levels: { rope: 25 } });
  await using shop = await startShop({ stock: stock.address, stockConnections: 4 });
  await Promise.all([
    ...Array.from({ length: 100 }, () => call(shop, '/items')),
    ...Array.from({ length: 60 }, () => call(shop, '/items/rope')),
    ...Array.from({ length: 40 }, () => post(shop, { item: 'rope', quantity: 1 })),
    ...Array.from({ length: 7 }, () => call(shop, '/nowhere')),
    ...Array.from({ length: 9 }, () => call(shop, '/health')),
    ...Array.from({ length: 5 }, () => call(shop, '/stats')),
  ]);
  expect(await stats(shop)).toEqual({
    requests: { 'GET /items': 100, 'GET /items/:id': 60, 'POST /orders': 40, other: 7 },
    answers: { 200: 160, 201: 25, 409: 15, 404: 7 },
    total: 207,
  });
  await call(shop, '/stats/reset', { method: 'POST' });
  expect(await stats(shop)).toEqual({ requests: {}, answers: {}, total: 0 });
});

test('a request counts when its head is parsed, even if its client goes away', async () => {
  await using stock = await startStock();
  await using shop = await startShop({ stock: stock.address });
  const socket = connect(shop.address);
  socket.write('POST /orders HTTP/1.1\r\nhost: shop\r\ncontent-length: 99\r\nexpect: 100-continue\r\n\r\n');
  // The shop asks for the body, so it has parsed the head.
  await once(socket, 'data');
  expect(await stats(shop)).toEqual({ requests: { 'POST /orders': 1 }, answers: {}, total: 1 });
  socket.destroy();
  await once(socket, 'close');
  expect(await call(shop, '/items')).toMatchObject({ status: 200 });
  expect(await stats(shop)).toEqual({
    requests: { 'POST /orders': 1, 'GET /items': 1 },
    answers: { 200: 1 },
    total: 2,
  });
});

test('without its stock the shop answers 503, and serves again when the stock is back', async () => {
  const first = await startStock();
  await using shop = await startShop({ stock: first.address });
  expect(await call(shop, '/items')).toMatchObject({ status: 200 });
  await first[Symbol.asyncDispose]();
  const refused = { error: expect.stringContaining('ECONNREFUSED') };
  for (const path of ['/items', '/items/rope']) expect(await call(shop, path)).toEqual({ status: 503, body: refused });
  expect(await post(shop, { item: 'rope', quantity: 1 })).toEqual({ status: 503, body: refused });
  expect(await call(shop, '/health')).toMatchObject({ status: 200 });
  await using _second = await startStock({ port: first.address.port });
  expect(await call(shop, '/items')).toMatchObject({ status: 200 });
});

test('a stock that never answers costs each request its timeout and no more, also those that wait for a connection', async () => {
  await using silent = await startTcp(() => {});
  await using shop = await startShop({ stock: silent.address, stockTimeoutMs: 1000, stockConnections: 2 });
  const begun = performance.now();
  const answers = await Promise.all(Array.from({ length: 10 }, () => call(shop, '/items')));
  // One after the other they would take 5 s.
  expect(performance.now() - begun).toBeLessThan(4500);
  const late = { status: 503, body: { error: 'the stock is not available: no answer within 1000 ms' } };
  expect(answers).toEqual(Array.from({ length: 10 }, () => late));
});

test('an answer that comes too late is never taken for the next one', async () => {
  const held: (() => void)[] = [];
  let slow = true;
  await using stock = await startTcp((socket, line) => {
    if (slow) held.push(() => socket.write('OK 1\n'));
    else socket.write(`OK ${line.length}\n`);
  });
  using client = new StockClient(stock.address, { size: 1, timeoutMs: 200 });
  await expect(client.level('rope')).rejects.toThrow('no answer within 200 ms');
  slow = false;
  for (const answer of held) answer();
  expect(await client.level('rope')).toBe('GET rope'.length);
});

test('a stock that talks nonsense, or hangs up, is not available', async () => {
  await using other = await startTcp((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n'));
  await using rude = await startTcp((socket) => socket.end());
  for (const [stock, reason] of [
    [other.address, 'does not speak its protocol'] as const,
    [rude.address, 'closed'] as const,
  ]) {
    await using shop = await startShop({ stock });
    expect(await call(shop, '/items')).toEqual({ status: 503, body: { error: expect.stringContaining(reason) } });
  }
});

test('connections to the stock are used again, and never more than allowed', async () => {
  let accepted = 0;
  await using stock = await startTcp(
    (socket) => socket.write('OK rope=1\n'),
    () => accepted++,
  );
  await using shop = await startShop({ stock: stock.address, stockConnections: 3 } satisfies ShopOptions);
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 20 }, () => call(shop, '/items')));
  expect(accepted).toBe(3);
});

test('main starts both, says where, and exits with 0 on SIGTERM', async () => {
  await using main = await startMain('--port', '0', '--stock-port', '0');
  const [, url = ''] = /^shop listens on (http:\/\/127\.0\.0\.1:\d+), stock on 127\.0\.0\.1:\d+$/.exec(main.line) ?? [];
  expect((await fetch(`${url}/items`)).status).toBe(200);
  main.kill('SIGTERM');
  expect(await main.ended).toEqual({ code: 0, errors: '' });
});

test('main starts each alone, so that something can stand between them', async () => {
  await using stock = await startMain('--only', 'stock', '--stock-port', '0');
  const [, address = ''] = /^stock listens on (127\.0\.0\.1:\d+)$/.exec(stock.line) ?? [];
  await using shop = await startMain('--only', 'shop', '--stock', address, '--port', '0');
  const [, url = ''] = /^shop listens on (\S+), stock on /.exec(shop.line) ?? [];
  expect((await fetch(`${url}/items`)).status).toBe(200);
  stock.kill('SIGINT');
  expect(await stock.ended).toEqual({ code: 0, errors: '' });
  expect((await fetch(`${url}/items`)).status).toBe(503);
});

test('main says that a port is in use, and exits with 104', async () => {
  const holder = createHttpServer();
  const { port } = await listen(holder, { host: '127.0.0.1', port: 0 });
  await using main = await startMain('--port', `${port}`, '--stock-port', '0');
  const errors = `port ${port} on 127.0.0.1 is in use; free it, or choose another with --port or --stock-port\n`;
  expect(await main.ended).toEqual({ code: 104, errors });
  holder.close();
});

test.each([
  [['--port', 'web'], "--port: expected a port from 0 to 65535, got 'web'; see --help\n"],
  [['--port', '65536'], "--port: expected a port from 0 to 65535, got '65536'; see --help\n"],
  [['--only', 'web'], "--only: expected stock or shop, got 'web'; see --help\n"],
  [['--only', 'shop'], '--only shop needs --stock HOST:PORT; see --help\n'],
  [['--stock', 'a:1'], '--stock goes with --only shop; see --help\n'],
  [['--only', 'shop', '--stock', '7070'], "--stock: expected HOST:PORT, got '7070'; see --help\n"],
])('main refuses %j with 104', async (args, errors) => {
  await using main = await startMain(...args);
  expect(await main.ended).toEqual({ code: 104, errors });
});

async function call(shop: Shop, path: string, init?: RequestInit): Promise<{ status: number; body: unknown }> {
  const response = await fetch(shop.url + path, init);
  return { status: response.status, body: await response.json() };
}

function post(shop: Shop, order: unknown): Promise<{ status: number; body: unknown }> {
  return call(shop, '/orders', { method: 'POST', body: JSON.stringify(order) });
}

async function stats(shop: Shop): Promise<unknown> {
  return (await call(shop, '/stats')).body;
}

type Tcp = AsyncDisposable & { readonly address: Address };

/** A stand-in for the stock that does with a line whatever the test wants. */
async function startTcp(onLine: (socket: Socket, line: string) => void, onConnection = (): unknown => 0): Promise<Tcp> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    onConnection();
    sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on('data', (line: string) => onLine(socket, line.trimEnd()));
    socket.on('error', () => {});
  });
  const address = await listen(server, { host: '127.0.0.1', port: 0 });
  return {
    address,
    async [Symbol.asyncDispose](): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

type Main = AsyncDisposable & {
  /** Its first line of output; empty when it ended without one. */
  readonly line: string;
  readonly ended: Promise<{ code: number | null; errors: string }>;
  kill(signal: NodeJS.Signals): void;
};

async function startMain(...args: string[]): Promise<Main> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = Promise.all([once(child, 'exit'), text(child.stderr)]).then(([[code], errors]) => ({ code, errors }));
  const line = await Promise.race([
    once(child.stdout, 'data').then(([data]) => String(data).trimEnd()),
    ended.then(() => ''),
  ]);
  return {
    line,
    ended,
    kill: (signal) => child.kill(signal),
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
