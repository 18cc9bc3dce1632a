import { expect, test } from 'vitest';
import { dial, get, httpAnswer, rule, startBackend, startHttpBackend, startTestProxy } from './peers.test.support.ts';

type Expected = {
  readonly outcome: 'fin' | 'rst' | 'open';
  /** What the client received. */
  readonly text: RegExp;
  readonly backend: 'untouched' | 'asked';
  readonly point: 'before' | 'forwarded' | 'connection' | 'none';
};

const PASSED = /^HTTP\/1\.1 200 OK\r\nContent-Length: 4\r\n\r\nok 1$/;

/** Of the same length, with another middle. */
const GARBLED = /^(?!.*Content-Length: 4\r\n).{42}$/s;

/** Every behavior over every protocol: what the client and the backend see of one request. */
const TABLE: readonly (readonly [string, string, Record<string, unknown>, Expected])[] = [
  ['http', 'dummy', {}, { outcome: 'open', text: PASSED, backend: 'asked', point: 'none' }],
  ['http', 'delay', { sleep: '5ms' }, { outcome: 'open', text: PASSED, backend: 'asked', point: 'forwarded' }],
  [
    'http',
    'error',
    {},
    { outcome: 'open', text: /^HTTP\/1\.1 50[0-3] .*\)\n$/s, backend: 'untouched', point: 'before' },
  ],
  ['http', 'hang', { max: '5ms' }, { outcome: 'rst', text: /^$/, backend: 'untouched', point: 'before' }],
  ['http', 'blackout', {}, { outcome: 'rst', text: /^$/, backend: 'untouched', point: 'before' }],
  ['http', 'blackout', { mode: 'fin' }, { outcome: 'fin', text: /^$/, backend: 'untouched', point: 'before' }],
  [
    'http',
    'delay',
    { sleep: '5ms', before: false },
    { outcome: 'open', text: PASSED, backend: 'asked', point: 'forwarded' },
  ],
  [
    'http',
    'error',
    { point: 'forwarded', code: 418 },
    { outcome: 'open', text: /^HTTP\/1\.1 418 .*\)\n$/s, backend: 'asked', point: 'forwarded' },
  ],
  ['http', 'error', { inject: 6 }, { outcome: 'open', text: GARBLED, backend: 'asked', point: 'forwarded' }],
  ['http', 'error', { warmup: 1 }, { outcome: 'open', text: PASSED, backend: 'asked', point: 'none' }],
  [
    'http',
    'transient',
    { code: 500 },
    { outcome: 'open', text: /^HTTP\/1\.1 500 /, backend: 'untouched', point: 'before' },
  ],
  ['http', 'transient', { inject: true }, { outcome: 'open', text: /^.{42}$/s, backend: 'asked', point: 'forwarded' }],
  ['http', 'abort', {}, { outcome: 'fin', text: /^$/, backend: 'asked', point: 'forwarded' }],
  [
    'http',
    'abort',
    { after: 15 },
    { outcome: 'fin', text: /^HTTP\/1\.1 200 OK$/, backend: 'asked', point: 'forwarded' },
  ],
  ['http', 'abort', { after: 1000 }, { outcome: 'fin', text: PASSED, backend: 'asked', point: 'forwarded' }],
  ['tcp', 'dummy', {}, { outcome: 'open', text: PASSED, backend: 'asked', point: 'none' }],
  ['tcp', 'delay', { sleep: '5ms' }, { outcome: 'open', text: PASSED, backend: 'asked', point: 'connection' }],
  ['tcp', 'error', {}, { outcome: 'fin', text: /^.{1000}$/s, backend: 'untouched', point: 'connection' }],
  ['tcp', 'hang', { max: '5ms' }, { outcome: 'rst', text: /^$/, backend: 'untouched', point: 'connection' }],
  ['tcp', 'blackout', {}, { outcome: 'rst', text: /^$/, backend: 'untouched', point: 'connection' }],
  ['tcp', 'blackout', { mode: 'fin' }, { outcome: 'fin', text: /^$/, backend: 'untouched', point: 'connection' }],
  [
    'tcp',
    'delay',
    { sleep: '5ms', before: false },
    { outcome: 'open', text: PASSED, backend: 'asked', point: 'connection' },
  ],
  [
    'tcp',
    'error',
    { point: 'forwarded' },
    { outcome: 'fin', text: /^.{1000}$/s, backend: 'asked', point: 'connection' },
  ],
  ['tcp', 'error', { inject: 6 }, { outcome: 'open', text: GARBLED, backend: 'asked', point: 'connection' }],
  ['tcp', 'error', { warmup: 1 }, { outcome: 'open', text: PASSED, backend: 'asked', point: 'none' }],
  ['tcp', 'transient', {}, { outcome: 'fin', text: /^.{1000}$/s, backend: 'untouched', point: 'connection' }],
  ['tcp', 'transient', { inject: true }, { outcome: 'open', text: /^.{42}$/s, backend: 'asked', point: 'connection' }],
  ['tcp', 'abort', {}, { outcome: 'fin', text: /^$/, backend: 'asked', point: 'connection' }],
  [
    'tcp',
    'abort',
    { after: 15 },
    { outcome: 'fin', text: /^HTTP\/1\.1 200 OK$/, backend: 'asked', point: 'connection' },
  ],
];

test.each(TABLE)('%s: %s %j', async (protocol, behavior, options, { outcome, text, backend: seen, point }) => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy(protocol, backend.address, [rule('it', behavior, options)]);
  const client = await dial(served.proxy.address);
  client.send(get('/'));
  if (outcome === 'open') await client.until((so) => text.test(so));
  else expect(await client.outcome).toBe(outcome);
  expect(client.text).toMatch(text);
  expect(backend.peers.length > 0 ? 'asked' : 'untouched').toBe(seen);
  expect(served.faults.map((fault) => [fault.behavior, fault.point])).toEqual(
    point === 'none' ? [] : [[behavior, point]],
  );
  expect(served.proxy.stats.faults).toBe(served.faults.length);
  client.socket.end();
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
});

/** Which of the requests of ten connections fail, each as `connection.request`. */
async function failing(requests: number, rules: Parameters<typeof startTestProxy>[2], seed = 1): Promise<string[]> {
  await using backend = await startBackend((peer) => {
    let seen = 0;
    peer.socket.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 0x0a && ++seen % 3 === 0) peer.send(httpAnswer('ok'));
    });
  });
  await using served = await startTestProxy('http', backend.address, rules, { seed });
  for (let connection = 0; connection < 10; connection++) {
    const client = await dial(served.proxy.address);
    client.send(get('/').repeat(requests / 10));
    await client.until((text) => text.split('HTTP/1.1 ').length - 1 === requests / 10);
    client.socket.destroy();
  }
  return served.faults.filter((one) => one.rule === 'some').map((one) => `${one.connection}.${one.request}`);
}

test('5 % of 2000 requests fail, and the same ones again with the same seed', async () => {
  const some = rule('some', 'error', {}, 5);
  const first = await failing(2000, [some]);
  // 100 expected, standard deviation 9.7: within four of them.
  expect(first.length).toBeGreaterThan(61);
  expect(first.length).toBeLessThan(139);
  expect(await failing(2000, [some])).toEqual(first);
  expect(await failing(2000, [some], 2)).not.toEqual(first);
});

test('another rule moves no draw of a rule, and wins only where it stands first', async () => {
  const some = rule('some', 'error', {}, 20);
  const alone = await failing(500, [some]);
  expect(await failing(500, [some, rule('other', 'delay', { sleep: 0 }, 50)])).toEqual(alone);
  const second = await failing(500, [rule('other', 'delay', { sleep: 0 }, 50), some]);
  expect(second.length).toBeLessThan(alone.length);
  expect(alone).toEqual(expect.arrayContaining(second));
});

test('two rules draw by themselves: the second hits half of what the first lets pass', async () => {
  await using backend = await startHttpBackend();
  const rules = ['one', 'two'].map((name) => rule(name, 'error', {}, 50));
  await using served = await startTestProxy('http', backend.address, rules);
  const client = await dial(served.proxy.address);
  client.send(get('/').repeat(1000));
  await client.until((text) => text.split('HTTP/1.1 ').length - 1 === 1000);
  const second = served.faults.filter((one) => one.rule === 'two').length;
  // 250 expected, standard deviation 13.7.
  expect(second).toBeGreaterThan(195);
  expect(second).toBeLessThan(305);
});

test('the shares of a rule divide the requests between its behaviors, dummy included', async () => {
  await using backend = await startHttpBackend();
  const shares = [
    rule('', 'dummy', {}, 30),
    rule('', 'error', { code: 500 }, 30),
    rule('', 'delay', { sleep: 0 }, 30),
  ].flatMap((one) => one.behaviors);
  await using served = await startTestProxy('http', backend.address, [{ name: 'mix', behaviors: shares }]);
  const client = await dial(served.proxy.address);
  client.send(get('/').repeat(1000));
  await client.until((text) => text.split('HTTP/1.1 ').length - 1 === 1000);
  const count = (behavior: string): number => served.faults.filter((one) => one.behavior === behavior).length;
  // 300 expected of each, standard deviation 14.5.
  for (const behavior of ['error', 'delay']) {
    expect(count(behavior)).toBeGreaterThan(240);
    expect(count(behavior)).toBeLessThan(360);
  }
  expect(count('dummy')).toBe(0);
});

test('without a code the error is one of four, all of which occur', async () => {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, [rule('bad', 'error')]);
  const client = await dial(served.proxy.address);
  client.send(get('/').repeat(100));
  const text = await client.until((so) => so.split('HTTP/1.1 ').length - 1 === 100);
  const codes = new Set([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code));
  expect([...codes].sort()).toEqual(['500', '501', '502', '503']);
});
