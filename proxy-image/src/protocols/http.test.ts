import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import {
  type Backend,
  dial,
  get,
  httpAnswer,
  rule,
  standstill,
  startBackend,
  startHttpBackend,
  startTestProxy,
} from '../proxy/peers.test.support.ts';

/** A backend that sends this for every request it has the end of, and closes if told so. */
function answering(response: string, close = false): Promise<Backend> {
  return startBackend((peer) => {
    peer.socket.on('data', () => {
      peer.send(response);
      if (close) peer.socket.end();
    });
    peer.socket.on('end', () => peer.socket.end());
  });
}

test('a connection serves many requests over one backend connection', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  expect(backend.peers.length).toBe(0);
  for (let i = 1; i <= 3; i++) await client.send(get(`/${i}`)).untilHas(`ok ${i}`);
  expect(client.text).toBe(httpAnswer('ok 1') + httpAnswer('ok 2') + httpAnswer('ok 3'));
  expect(backend.peers[0]?.text).toBe(get('/1') + get('/2') + get('/3'));
  expect(served.proxy.stats).toMatchObject({ requests: 3, connectionsAccepted: 1, opaque: 0 });
});

test('pipelined requests reach the backend one after the other', async () => {
  await using backend = await startBackend(() => {});
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  client.send(get('/1') + get('/2'));
  const server = await backend.accepted(1);
  await server.untilHas('/1');
  client.send(get('/3'));
  expect(server.text).toBe(get('/1'));
  await server.send(httpAnswer('one')).untilHas('/2');
  await server.send(httpAnswer('two')).untilHas('/3');
  await server.send(httpAnswer('three'));
  expect(await client.untilHas('three')).toBe(httpAnswer('one') + httpAnswer('two') + httpAnswer('three'));
});

test('pipelined requests under an error rule are answered in their order', async () => {
  const total = 200;
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [rule('some', 'error', { code: 503 }, 50)]);
  const client = await dial(served.proxy.address);
  for (let i = 1; i <= total; i++) client.send(get(`/${i}`));
  const text = await client.until((so) => so.split('HTTP/1.1 ').length - 1 === total);
  const codes = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code);
  const failed = new Set(served.faults.map(({ request }) => request));
  expect(codes).toEqual(Array.from({ length: total }, (_, i) => (failed.has(i + 1) ? '503' : '200')));
  expect(failed.size).toBeGreaterThan(60);
  const asked = [...(backend.peers[0]?.text ?? '').matchAll(/GET \/(\d+)/g)].map(([, number]) => Number(number));
  expect(asked).toEqual(Array.from({ length: total }, (_, i) => i + 1).filter((number) => !failed.has(number)));
});

test('chunked bodies with trailers pass both ways, and the next request is found', async () => {
  const body = '5;note="x"\r\nhello\r\n0\r\nChecksum: 1\r\n\r\n';
  const answer = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;
  const post = `POST /up HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;
  await using backend = await startBackend((peer) => {
    peer.socket.on('data', () => peer.text.endsWith('\r\n\r\n') && peer.send(answer));
  });
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  await client.send(post).until((text) => text === answer);
  await client.send(post).until((text) => text === answer + answer);
  expect(served.proxy.stats).toMatchObject({ requests: 2, opaque: 0 });
});

test.each([
  // HEAD tells a length, and no body follows.
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n'],
  ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\n\r\n'],
  ['GET', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx'],
  ['POST', 'HTTP/1.1 200\r\ncontent-length:  1, 1 \r\n\r\nx'],
])('after %s and %j the connection goes on', async (method, response) => {
  await using backend = await answering(response);
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  const request = `${method} / HTTP/1.1\r\nHost: test\r\n\r\n`;
  await client.send(request).until((text) => text === response);
  await client.send(request).until((text) => text === response + response);
  expect(served.proxy.stats).toMatchObject({ requests: 2, opaque: 0 });
});

test('a response without a length ends with the connection', async () => {
  const response = 'HTTP/1.0 200 OK\r\n\r\nall of it';
  await using backend = await answering(response, true);
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  client.send('GET / HTTP/1.0\r\n\r\n');
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe(response);
  client.socket.end();
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
});

test('a client that half-closes still gets its answer', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  client.socket.end(get('/1') + get('/2'));
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe(httpAnswer('ok 1') + httpAnswer('ok 2'));
  expect(await backend.peers[0]?.outcome).toBe('fin');
});

test('100-continue: the head goes first, the body follows the interim response', async () => {
  await using backend = await startBackend(() => {});
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  const head = 'PUT / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n';
  client.send(head);
  const server = await backend.accepted(1);
  await server.until((text) => text === head);
  server.send('HTTP/1.1 100 Continue\r\n\r\n');
  await client.untilHas('100 Continue');
  await client.send('body').send(get('/next'));
  await server.until((text) => text === `${head}body`);
  server.send(httpAnswer('stored'));
  await client.untilHas('stored');
  await server.untilHas('/next');
});

test('100-continue under an error: answered at once, and closed', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [rule('bad', 'error', { code: 507 })]);
  const client = await dial(served.proxy.address);
  client.send('PUT / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
  expect(await client.outcome).toBe('fin');
  expect(client.text).toContain('HTTP/1.1 507 Insufficient Storage\r\n');
  expect(client.text).toContain('\r\nConnection: close\r\n');
  expect(backend.peers.length).toBe(0);
});

test.each([
  ['GET /chat HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ['CONNECT db:1 HTTP/1.1\r\nHost: db:1\r\n\r\n', 'HTTP/1.1 200 Connected\r\nContent-Length: 7\r\n\r\n'],
])('after %j and %j both sides speak freely', async (request, response) => {
  await using backend = await startBackend(() => {});
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  client.send(`${request}early`);
  const server = await backend.accepted(1);
  await server.untilHas('\r\n\r\n');
  server.send(`${response}\0ping`);
  await client.until((text) => text === `${response}\0ping`);
  served.proxy.setRules([rule('bad', 'error')]);
  client.send(get('/inside'));
  expect(await server.untilHas('/inside')).toBe(`${request}early${get('/inside')}`);
  expect(served.proxy.stats).toMatchObject({ opaque: 1, requests: 1 });
  expect(served.faults).toEqual([]);
});

test('a refused CONNECT leaves a connection with requests', async () => {
  await using backend = await answering('HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno');
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  await client.send('CONNECT db:1 HTTP/1.1\r\n\r\n').untilHas('no');
  await client.send(get('/')).until((text) => text.split('407').length === 3);
  expect(served.proxy.stats).toMatchObject({ opaque: 0, requests: 2 });
});

test.each([
  ['a line of another protocol', 'PING\r\n'],
  ['bytes without a line', '\x16\x03\x01\x02\0'],
  ['a field without a name', 'GET / HTTP/1.1\r\n: x\r\n\r\n'],
  ['lengths that differ', 'GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  ['a coding without an end', 'GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n'],
  ['a chunk without a size', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnonsense'],
  ['a head over 64 KiB', `GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}\r\n`],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
])('%s passes unread and is counted', async (_, bytes) => {
  await using backend = await startBackend((peer) => peer.socket.on('data', () => peer.send('what?')));
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  await client.send(Buffer.from(bytes, 'latin1')).untilHas('what?');
  const server = await backend.accepted(1);
  await client.send('more').socket.end();
  expect(await server.outcome).toBe('fin');
  expect(server.text).toBe(`${bytes}more`);
  expect(served.proxy.stats.opaque).toBe(1);
});

test('an unfinished head is passed on when the client ends', async () => {
  await using backend = await startBackend((peer) => peer.socket.on('end', () => peer.socket.end('bad')));
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  client.socket.end('GET / HTT');
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe('bad');
  expect(backend.peers[0]?.text).toBe('GET / HTT');
});

test('a response that is not HTTP passes, and so does all that follows', async () => {
  await using backend = await answering('whatever\r\n\r\n');
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  await client.send(get('/1')).untilHas('whatever');
  await client.send('2').until((text) => text === 'whatever\r\n\r\nwhatever\r\n\r\n');
  expect(served.proxy.stats).toMatchObject({ opaque: 1, requests: 1 });
});

test('a response may come, and the next request follow, while the body is still on its way', async () => {
  await using backend = await startBackend(() => {});
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  client.send('POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345');
  const server = await backend.accepted(1);
  await server.untilHas('12345');
  server.send(httpAnswer('early'));
  await client.untilHas('early');
  client.send(`67890${get('/next')}`);
  await server.untilHas('/next');
  server.send(httpAnswer('later'));
  await client.untilHas('later');
  expect(served.proxy.stats).toMatchObject({ requests: 2, opaque: 0 });
});

test('when the backend ends an idle connection, the client is ended likewise', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  await client.send(get('/')).untilHas('ok 1');
  (await backend.accepted(1)).socket.end();
  expect(await client.outcome).toBe('fin');
  client.socket.end();
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  expect(backend.peers.length).toBe(1);
});

test('a client that sends far ahead is held back', async () => {
  await using backend = await startBackend(() => {});
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  // 32 MiB, far more than the buffers of two sockets take.
  client.send(get('/').repeat(1_000_000));
  expect(await standstill(() => client.socket.writableLength)).toBeGreaterThan(1024 * 1024);
  const server = await backend.accepted(1);
  expect(server.text).toBe(get('/'));
  for (let i = 1; i <= 300; i++) {
    server.send(httpAnswer('x'));
    await server.until((text) => text.length === (i + 1) * get('/').length);
  }
});

test('what an idle backend says by itself is passed on, unread', async () => {
  const timeout = 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n';
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  await client.send(get('/')).untilHas('ok 1');
  (await backend.accepted(1)).socket.end(timeout);
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe(httpAnswer('ok 1') + timeout);
  expect(served.proxy.stats.opaque).toBe(1);
});

test('an idle backend that speaks while an error is due does not come between', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  await client.send(get('/')).untilHas('ok 1');
  served.proxy.setRules([rule('bad', 'error', { code: 500 })]);
  client.send('POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n12');
  await expect.poll(() => served.faults.length).toBe(1);
  const server = await backend.accepted(1);
  server.socket.end('HTTP/1.1 408 Request Timeout\r\n\r\n');
  await expect.poll(() => server.socket.writableFinished).toBe(true);
  client.send('34');
  expect(await client.outcome).toBe('fin');
  expect(client.text.startsWith(`${httpAnswer('ok 1')}HTTP/1.1 500 `)).toBe(true);
  expect(client.text).not.toContain('408');
});

test('a request whose client is gone is not forwarded after its delay', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [rule('slow', 'delay', { sleep: '1h' })]);
  const client = await dial(served.proxy.address);
  client.send(get('/gone'));
  await expect.poll(() => served.faults.length).toBe(1);
  client.socket.resetAndDestroy();
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  served.proxy.setRules([]);
  const next = await dial(served.proxy.address);
  await next.send(get('/next')).untilHas('ok 1');
  expect(backend.peers.map(({ text }) => text)).toEqual([get('/next')]);
});

test('errors keep the connection, consume the body, and carry the id of the fault', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [rule('bad', 'error', { code: 503 })]);
  const client = await dial(served.proxy.address);
  client.send('POST /cart?secret=1 HTTP/1.1\r\nContent-Length: 20\r\n\r\nGET / HTTP/1.1');
  client.send(`\r\n\r\n??HEAD /h HTTP/1.1\r\n\r\n${get('/close', 'Connection: close')}`);
  expect(await client.outcome).toBe('fin');
  const [, first = '', second = '', third = ''] = client.text.split('HTTP/1.1 ');
  expect(first).toMatch(/^503 Service Unavailable\r\nDate: .* GMT\r\nContent-Type: text\/plain; charset=utf-8\r\n/);
  expect(first).toContain('\r\nx-vaurien-fault: 0-web-1-1\r\n\r\n503 Service Unavailable (vaurien fault 0-web-1-1)\n');
  expect(first).not.toContain('Connection');
  expect(second).toMatch(/Content-Length: 50\r\nx-vaurien-fault: 0-web-1-2\r\n\r\n$/);
  expect(third).toContain('\r\nConnection: close\r\n');
  expect(backend.peers.length).toBe(0);
  expect(served.faults).toMatchObject([
    {
      id: '0-web-1-1',
      operation: 'POST /cart',
      point: 'before',
      behavior: 'error',
      rule: 'bad',
      options: { code: 503 },
    },
    { id: '0-web-1-2', operation: 'HEAD /h' },
    { id: '0-web-1-3', operation: 'GET /close', connection: 1, request: 3, proxy: 'web', protocol: 'http' },
  ]);
});

test('the error body is the one that is asked for', async () => {
  await using backend = await startHttpBackend();
  const options = { code: 500, message: '{"error":"{id} €"}' };
  await using served = await startTestProxy('http', backend.address, [rule('bad', 'error', options)]);
  const { host, port } = served.proxy.address;
  const response = await fetch(`http://${host}:${port}/`);
  expect(await response.json()).toEqual({ error: '0-web-1-1 €' });
});

test('HTTP/1.0 keeps the connection only when asked to', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [rule('bad', 'error', { code: 500 })]);
  const client = await dial(served.proxy.address);
  await client.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n').untilHas('\r\nConnection: keep-alive\r\n');
  client.send('GET / HTTP/1.0\r\n\r\n');
  expect(await client.outcome).toBe('fin');
  expect(client.text.split('HTTP/1.1 500').length).toBe(3);
});

test('a change of rules applies to an open connection from its next request on', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address);
  const client = await dial(served.proxy.address);
  await client.send(get('/1')).untilHas('ok 1');
  served.proxy.setRules([rule('bad', 'error', { code: 501 })]);
  await client.send(get('/2')).untilHas('0-web-1-2)');
  served.proxy.setRules([]);
  await client.send(get('/3')).untilHas('ok 2');
  expect(served.faults.length).toBe(1);
});

test('a delayed request is forwarded when the delay is over, or its rule has ended', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [rule('slow', 'delay', { sleep: '60ms' })]);
  const client = await dial(served.proxy.address);
  const begin = performance.now();
  await client.send('POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n').untilHas('ok 1');
  expect(performance.now() - begin).toBeGreaterThanOrEqual(58);

  served.proxy.setRules([rule('slow', 'delay', { sleep: '1h' })]);
  client.send(`${get('/2')}${get('/3')}`);
  await expect.poll(() => served.faults.length).toBe(2);
  served.proxy.setRules([]);
  await client.untilHas('ok 3');
  expect(served.faults.map(({ id, point }) => [id, point])).toEqual([
    ['0-web-1-1', 'forwarded'],
    ['0-web-1-2', 'forwarded'],
  ]);
});

test('a client that ends during a delay still gets its answer', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [rule('slow', 'delay', { sleep: '20ms' })]);
  const client = await dial(served.proxy.address);
  client.socket.end(get('/1'));
  expect(await client.outcome).toBe('fin');
  expect(client.text).toBe(httpAnswer('ok 1'));
});

test('a hung request ends with a reset: by the end of the rule, by max, or when the client leaves', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [rule('stall', 'hang')]);
  const client = await dial(served.proxy.address);
  client.send(get('/1'));
  await expect.poll(() => served.faults.length).toBe(1);
  served.proxy.setRules([rule('stall', 'hang', { max: '30ms' })]);
  expect(await client.outcome).toBe('rst');

  const second = await dial(served.proxy.address);
  const begin = performance.now();
  expect(await second.send(get('/2')).outcome).toBe('rst');
  expect(performance.now() - begin).toBeGreaterThanOrEqual(28);

  served.proxy.setRules([rule('stall', 'hang')]);
  const third = await dial(served.proxy.address);
  third.send(get('/3'));
  await expect.poll(() => served.faults.length).toBe(3);
  third.socket.end();
  expect(await third.outcome).toBe('fin');
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  expect(backend.peers.length).toBe(0);
});

test('an HTTP client and an HTTP server of the platform agree through the proxy', async () => {
  const server = createServer((request, response) => {
    request.pipe(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await using served = await startTestProxy('http', { host: '127.0.0.1', port });
  const body = Buffer.alloc(300_000, 'x');
  const call = httpRequest({ ...served.proxy.address, method: 'POST' });
  call.end(body);
  const [response] = await once(call, 'response');
  expect(Buffer.concat(await response.toArray()).equals(body)).toBe(true);
  server.close();
  server.closeAllConnections();
});
