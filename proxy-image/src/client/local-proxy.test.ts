import { formatAddress } from '@loads/core';
import { expect, test } from 'vitest';
import { startHttpBackend } from '../proxy/peers.test.support.ts';
import { type LocalProxy, startProxy } from './local-proxy.ts';

async function ask({ address }: LocalProxy): Promise<number> {
  const response = await fetch(`http://${formatAddress(address)}/`, { headers: { Connection: 'close' } });
  await response.text();
  return response.status;
}

test('a proxy on a free port, ready when it is given, with a behavior for a while', async () => {
  await using backend = await startHttpBackend();
  await using proxy = await startProxy({ backend: formatAddress(backend.address), protocol: 'http' });
  expect(await ask(proxy)).toBe(200);
  expect(await proxy.withBehavior('error', { code: 503 }, () => ask(proxy))).toBe(503);
  expect(await ask(proxy)).toBe(200);
  expect(proxy.faults).toMatchObject([{ behavior: 'error', options: { code: 503 } }]);
  expect(proxy.stats).toMatchObject({ requests: 3, faults: 1 });
});

test('a behavior that is set and reset, over one that stands', async () => {
  await using backend = await startHttpBackend();
  await using proxy = await startProxy({
    backend: formatAddress(backend.address),
    protocol: 'http',
    behavior: 'error',
    code: 501,
  });
  expect(await ask(proxy)).toBe(501);
  proxy.setBehavior('error', { code: 502, ttl: '1h' });
  expect(proxy.behavior.remainingMs).toBeGreaterThan(0);
  expect(await ask(proxy)).toBe(502);
  proxy.reset();
  expect(await ask(proxy)).toBe(501);
});

test('it is gone when its scope ends', async () => {
  await using backend = await startHttpBackend();
  const proxy = await startProxy({ backend: formatAddress(backend.address), protocol: 'http' });
  await proxy[Symbol.asyncDispose]();
  await expect(ask(proxy)).rejects.toThrow();
});

test.each([
  [{ backend: 'localhost', protocol: 'htp' }, /backend: .*\nprotocol: /],
  [{ backend: 'localhost:1', behavior: 'error', cod: 3 }, /^cod: /],
])('%j is refused with all that is wrong', async (options, message) => {
  await expect(startProxy(options)).rejects.toThrow(message);
});

test('a setting that is wrong changes nothing', async () => {
  await using proxy = await startProxy({ backend: 'localhost:1' });
  expect(() => proxy.setBehavior('delay', { slep: 1, ttl: 'x' })).toThrow(/ttl: .*\nslep: /);
  expect(proxy.behavior.version).toBe(0);
});
