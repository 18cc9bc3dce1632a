import { expect, test } from 'vitest';
import { dial, get, httpAnswer, rule, startBackend, startTestProxy } from '../../proxy/peers.test.support.ts';

const HEAD = 'HEAD / HTTP/1.1\r\nHost: test\r\n\r\n';

test('the same response head has a body or none, by the request', async () => {
  const requests = [get('/'), HEAD, get('/'), get('/'), HEAD, HEAD, get('/')];
  await using backend = await startBackend((peer) => {
    peer.socket.on('data', (chunk: Buffer) => {
      const answer = httpAnswer('body');
      peer.send(chunk.toString().startsWith('HEAD') ? answer.slice(0, -'body'.length) : answer);
    });
  });
  await using served = await startTestProxy('http', backend.address, [rule('bad', 'error', {}, 0.0001)]);
  const client = await dial(served.proxy.address);
  client.send(requests.join(''));
  const expected = requests.map((one) => httpAnswer('body').slice(0, one === HEAD ? -4 : undefined)).join('');
  await client.until((text) => text === expected);
  expect(served.proxy.stats).toMatchObject({ requests: 7, opaque: 0 });
});

test.each([1, 2, 7, 40, 1000])(
  'heads that repeat, differ at their end, or are cut every %i bytes are told apart',
  async (size) => {
    const paths = ['/a', '/a', '/b', '/bb', '/b', '/a'];
    const text = paths.map((path) => get(path)).join('');
    const seen: string[] = [];
    await using backend = await startBackend((peer) => {
      peer.socket.on('data', () => {
        for (; seen.length < peer.text.split('\r\n\r\n').length - 1; ) {
          seen.push(peer.text.split('\r\n\r\n')[seen.length] ?? '');
          peer.send(httpAnswer('x'.repeat(seen.length)));
        }
      });
    });
    await using served = await startTestProxy('http', backend.address, [
      { ...rule('bad', 'error', { code: 503 }), match: { operation: 'GET /bb' } },
    ]);
    const client = await dial(served.proxy.address);
    for (let at = 0; at < text.length; at += size) {
      client.send(text.slice(at, at + size));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.until((got) => got.split('HTTP/1.1 ').length - 1 === paths.length && got.endsWith('xxxxx'));
    expect(seen.map((one) => one.split(' ')[1])).toEqual(paths.filter((path) => path !== '/bb'));
    expect(served.faults.map(({ operation }) => operation)).toEqual(['GET /bb']);
  },
);
