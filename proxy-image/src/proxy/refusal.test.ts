import { createConnection } from 'mysql2/promise';
import { createTransport } from 'nodemailer';
import { Client } from 'pg';
import { createClient } from 'redis';
import { request } from 'undici';
import { expect, test } from 'vitest';
import { dial, startTestProxy } from './peers.test.support.ts';

/** Nobody listens there, and nobody is asked: a full proxy needs no backend. */
const BACKEND = { host: '127.0.0.1', port: 1 };
const FULL = { limits: { connections: 0 } };

test('an HTTP client gets a 503 that ends the connection', async () => {
  await using served = await startTestProxy('http', BACKEND, [], FULL);
  const { host, port } = served.proxy.address;
  const { statusCode, headers } = await request(`http://${host}:${port}/`);
  expect([statusCode, headers.connection, headers['retry-after']]).toEqual([503, 'close', '1']);
  expect(served.proxy.stats).toMatchObject({ connectionsRefused: 1, connectionsAccepted: 0 });
});

test('a MySQL client gets error 1040', async () => {
  await using served = await startTestProxy('mysql', BACKEND, [], FULL);
  await expect(createConnection({ ...served.proxy.address, user: 'any' })).rejects.toMatchObject({ errno: 1040 });
});

test.each(['disable', 'require'])('a PostgreSQL client gets 53300 or, with SSL, an error at once (%s)', async (ssl) => {
  await using served = await startTestProxy('postgres', BACKEND, [], FULL);
  const client = new Client({ ...served.proxy.address, user: 'any', ssl: ssl === 'require' });
  const problem = ssl === 'require' ? { message: expect.stringContaining('SSL') } : { code: '53300' };
  await expect(client.connect()).rejects.toMatchObject(problem);
});

test('a Redis client gets the error of a full server', async () => {
  await using served = await startTestProxy('redis', BACKEND, [], FULL);
  const client = createClient({ socket: { ...served.proxy.address, reconnectStrategy: false } });
  client.on('error', () => undefined);
  await expect(client.connect()).rejects.toThrow(/max number of clients|closed/i);
});

test('an SMTP client gets 421', async () => {
  await using served = await startTestProxy('smtp', BACKEND, [], FULL);
  await expect(createTransport(served.proxy.address).verify()).rejects.toMatchObject({ responseCode: 421 });
});

test.each([
  ['memcache', 'ERROR Too many open connections\r\n'],
  ['redis', '-ERR max number of clients reached\r\n'],
])('%s: the words come unasked, and an end', async (protocol, words) => {
  await using served = await startTestProxy(protocol, BACKEND, [], FULL);
  const client = await dial(served.proxy.address);
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe(words);
  client.socket.end();
});

test('a client that never asks is reset, and closing the proxy waits for nobody', async () => {
  await using served = await startTestProxy('http', BACKEND, [], FULL);
  const silent = await dial(served.proxy.address);
  expect(await silent.outcome).toBe('rst');
  const late = await dial(served.proxy.address);
  await served.proxy.close();
  await late.outcome;
});

test('of a flood, what is beyond the limit of refusals is reset', async () => {
  await using served = await startTestProxy('http', BACKEND, [], FULL);
  const clients = await Promise.all(Array.from({ length: 300 }, () => dial(served.proxy.address)));
  const reset = clients.slice(-44).map((client) => client.outcome);
  expect(new Set(await Promise.all(reset))).toEqual(new Set(['rst']));
  clients[0]?.send('GET / HTTP/1.1\r\n\r\n');
  await clients[0]?.untilHas('503');
  expect(served.proxy.stats.connectionsRefused).toBe(300);
});
