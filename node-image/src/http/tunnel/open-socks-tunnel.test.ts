import { expect, test } from 'vitest';
import { SOCKS5 } from './open-socks-tunnel.ts';
import { byteByByte, tunnelAt } from './open-tunnel.test.fixture.ts';

const METHOD = [5, 0];

test.each([
  ['an IPv4 address', [1, 10, 0, 0, 7]],
  ['a name', [3, 2, 104, 105]],
  ['an IPv6 address', [4, ...Array<number>(16).fill(0)]],
])('a tunnel begins right behind the answer, whatever it is cut into, with %s in it', async (_, address) => {
  const said = [...METHOD, 5, 0, 0, ...address, 1, 187, ...Buffer.from('tea')];
  for (const pieces of [byteByByte(said), [Buffer.from(said)]]) {
    const { asked, after } = await tunnelAt(SOCKS5, { pieces });
    expect(after).toBe('tea');
    expect(asked.subarray(0, 3)).toEqual(Buffer.of(5, 1, 0));
    expect(asked.subarray(3)).toEqual(Buffer.of(5, 1, 0, 3, 9, ...Buffer.from('shop.test'), 1, 187));
  }
});

test.each([
  ['10.0.0.7', [1, 10, 0, 0, 7]],
  ['::', [4, ...Array<number>(16).fill(0)]],
  ['2001:db8::7', [4, 0x20, 1, 0x0d, 0xb8, ...Array<number>(11).fill(0), 7]],
  ['fe80::1%eth0', [4, 0xfe, 0x80, ...Array<number>(13).fill(0), 1]],
  ['1:2:3:4:5:6:7:8', [4, ...[1, 2, 3, 4, 5, 6, 7, 8].flatMap((group) => [0, group])]],
  ['::ffff:10.0.0.7', [4, ...Array<number>(10).fill(0), 0xff, 0xff, 10, 0, 0, 7]],
])('%s is told as the address that it is', async (host, address) => {
  const pieces = [Buffer.from([...METHOD, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0])];
  const { asked } = await tunnelAt(SOCKS5, { pieces, end: { host, port: 443 } });
  expect([...asked.subarray(3)]).toEqual([5, 1, 0, ...address, 1, 187]);
});

test.each([
  ['HTTP', [...Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')], 'ERR_SOCKS_VERSION'],
  ['that it wants a password', [5, 0xff], 'ERR_SOCKS_AUTH'],
  ['that nobody listens there', [...METHOD, 5, 5, 0, 1, 0, 0, 0, 0, 0, 0], 'ERR_SOCKS_REPLY_5'],
  ['half an answer', [...METHOD, 5, 0, 0], 'ERR_TUNNEL_ENDED'],
  ['nothing', [], 'ERR_TUNNEL_ENDED'],
])('a proxy that says %s opens none', async (_, said, code) => {
  await expect(tunnelAt(SOCKS5, { pieces: byteByByte(said) })).rejects.toMatchObject({ code });
});
