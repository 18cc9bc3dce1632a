import { expect, test } from 'vitest';
import { tunnelProxy } from './tunnel-proxy.ts';

test.each([
  ['socks5://10.0.0.7', { host: '10.0.0.7', port: 1080 }, undefined],
  ['http://proxy.test', { host: 'proxy.test', port: 80 }, undefined],
  ['http://proxy.test:3128/', { host: 'proxy.test', port: 3128 }, undefined],
  ['http://[::1]:3128', { host: '::1', port: 3128 }, undefined],
  ['socks5://[::1]', { host: '::1', port: 1080 }, undefined],
  ['http://ann:p%40ss@proxy.test', { host: 'proxy.test', port: 80 }, { username: 'ann', password: 'p@ss' }],
  ['socks5://ann@proxy.test:1', { host: 'proxy.test', port: 1 }, { username: 'ann', password: '' }],
])('%s is read', (text, address, user) => {
  expect(tunnelProxy(text)).toMatchObject({ address, user });
});

test.each(['proxy:3128', 'https://proxy.test', 'socks4://proxy.test', 'socks5://', 'http://', '', 'http://ann:100%@a'])(
  "'%s' is no proxy that opens tunnels",
  (text) => {
    expect(() => tunnelProxy(text)).toThrow(TypeError);
  },
);

test('what is told of a proxy that is none leaves out its password', () => {
  expect(() => tunnelProxy('socks4://ann:p4ss@proxy.test')).toThrow(
    /^proxy: 'socks4:\/\/\[redacted\]@proxy.test' is no URL /,
  );
});
