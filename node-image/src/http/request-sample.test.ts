import { expect, test } from 'vitest';
import { clientOf, serve } from './servers.test.fixture.ts';

test('bytes are those on the wire', async () => {
  await using server = await serve((request, response) => {
    request
      .resume()
      .on('end', () => response.setHeader('content-length', 5).end(request.method === 'HEAD' ? '' : 'hello'));
  });
  const { http, samples } = clientOf(server.url, { headers: { 'user-agent': 'loads' } });
  await using _ = http;
  const seen: unknown[] = [];
  let [sent, received] = [0, 0];
  const requests = [
    () => http.get('/items?q=1'),
    () => http.head('/'),
    () => http.post('/'),
    () => http.delete('/'),
    () => http.put('/', { json: { text: 'ä'.repeat(60) } }),
    () => http.options('/'),
  ];
  for (const request of requests) {
    await request();
    const [socket] = server.connections;
    const { bytesRead = 0, bytesWritten = 0 } = socket ?? {};
    seen.push({ bytesSent: bytesRead - sent, bytesReceived: bytesWritten - received });
    [sent, received] = [bytesRead, bytesWritten];
  }
  expect(samples.map(({ bytesSent, bytesReceived }) => ({ bytesSent, bytesReceived }))).toEqual(seen);
});

test('times add up on the clock that was given', async () => {
  let now = 0;
  await using server = await serve((_request, response) => response.end('ok'));
  const { http, samples } = clientOf(server.url, { clock: () => (now += 1) });
  await using _ = http;
  const response = await http.get('/');
  // Called at 1, written at 2 on a new connection, head and end with the bytes that came at 3.
  expect(samples).toMatchObject([{ startMs: 1, blockedMs: 1, waitingMs: 1, durationMs: 1, receivingMs: 0, endMs: 3 }]);
  expect(response).toMatchObject({ waitingMs: 1, durationMs: 1 });
  await http.get('/');
  // Called at 4 and written at once on the open connection.
  expect(samples[1]).toMatchObject({ startMs: 4, blockedMs: 0, waitingMs: 1, durationMs: 1, endMs: 5 });
});

test('the end is when the last bytes came, the head when the first did', async () => {
  let now = 0;
  let last: (() => void) | undefined;
  await using server = await serve((_request, response) => {
    response.write('first');
    last = () => response.end('last');
  });
  const clock = (): number => {
    now += 1;
    // Called at 1, written at 2: at 3 the first bytes have come.
    if (now === 3) setImmediate(() => last?.());
    return now;
  };
  const { http, samples } = clientOf(server.url, { clock });
  await using _ = http;
  await http.get('/');
  expect(samples).toMatchObject([{ startMs: 1, blockedMs: 1, waitingMs: 1 }]);
  expect(samples[0]?.receivingMs).toBeGreaterThanOrEqual(1);
  expect(samples[0]?.durationMs).toBe(1 + (samples[0]?.receivingMs ?? 0));
});

test('a 103 before the response counts for nothing but its bytes', async () => {
  await using server = await serve((_request, response) => {
    response.writeEarlyHints({ link: '</x.css>; rel=preload' });
    response.end('ok');
  });
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  expect((await http.get('/')).headers.get('link')).toBeNull();
  expect(samples).toMatchObject([{ status: 200, bytesReceived: server.connections[0]?.bytesWritten }]);
});

test('the id of an injected fault comes from its header', async () => {
  await using server = await serve((_request, response) => response.writeHead(503, { 'x-vaurien-fault': 'f-7' }).end());
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  await http.get('/');
  expect(samples).toMatchObject([{ faultId: 'f-7', failure: 'status' }]);
});
