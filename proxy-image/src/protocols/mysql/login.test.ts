import { expect, test } from 'vitest';
import { afterLogin, drive, events, LOGIN, PLAIN } from './drive.test.support.ts';
import {
  COMPRESS,
  client,
  EVERYTHING,
  err,
  greeting,
  login,
  type Message,
  ok,
  PLUGIN_AUTH,
  SSL,
  server,
  session,
  ZSTD,
} from './packets.test.support.ts';
import { packet } from './packets.ts';

test('a login is one exchange that no fault may hit, however long it is', () => {
  const fullAuthentication = drive([
    greeting(),
    login(PLAIN),
    server(2, 0xfe, 'caching_sha2_password\0', 'nonce\0'),
    client(3, 'scrambled'),
    server(4, 1, 4),
    client(5, 2),
    server(6, 1, '-----BEGIN PUBLIC KEY-----'),
    client(7, 'password'),
    ok(8),
  ]);
  const continued = ['continued', 'continued', 'continued'];
  expect(fullAuthentication.found.map(({ event }) => event)).toEqual([
    ...LOGIN.slice(0, 3),
    continued[0],
    'answered handshake',
  ]);
  expect(fullAuthentication.requests[0]).toMatchObject({ answered: true, judged: false, operation: 'handshake' });
  // Fast path, multi-factor, an old plug-in, an empty answer, a refusal.
  expect(events([greeting(), login(PLAIN), server(2, 1, 3), ok(3)])).toEqual(LOGIN);
  expect(events([greeting(), login(PLAIN), server(2, 2, 'x\0'), client(3, 'y'), ok(4)])).toEqual([
    ...LOGIN.slice(0, 3),
    'continued',
    'answered handshake',
  ]);
  expect(events([greeting(), login(PLAIN), server(2, 0xfe), client(3), err(4)])).toEqual([
    ...LOGIN.slice(0, 3),
    'continued',
    'answered handshake',
  ]);
});

test('a server that is full says so in the greeting’s place', () => {
  expect(events([['server', Buffer.from('17000000ff1004546f6f206d616e7920636f6e6e656374696f6e73', 'hex')]])).toEqual([
    'unasked',
  ]);
});

test.each<[string, Message[]]>([
  ['TLS', [greeting(), ['client', packet(1, (login(PLAIN | SSL)[1] as Buffer).subarray(4, 36))]]],
  ['compression', [greeting(), login(PLAIN | COMPRESS)]],
  ['zstd', [greeting(), login(PLAIN | ZSTD)]],
  ['a response of before 4.1', [greeting(), login(PLUGIN_AUTH)]],
  ['a response that is too short', [greeting(), client(1, 'x')]],
])('%s cannot be read', (_name, messages) => {
  expect(events(messages)).toEqual(['unasked', 'opaque']);
});

test.each<[string, Message[]]>([
  ['a client that speaks first', [['client', Buffer.from('GET / HTTP/1.1\r\n\r\n')]]],
  [
    'a server that is another',
    [
      ['server', Buffer.from('220 mail.example.org ESMTP\r\n')],
      ['client', Buffer.from('x')],
    ],
  ],
])('%s cannot be read', (_name, messages) => {
  expect(events(messages).at(-1)).toBe('opaque');
});

test('compression that the server does not have is not used', () => {
  expect(events([greeting(EVERYTHING & ~COMPRESS), login(PLAIN | COMPRESS), ok(2)])).toEqual(LOGIN);
});

test('another user logs in on the same connection', () => {
  const found = drive([
    ...session(),
    client(0, 0x11, 'other\0', 0, 'shop\0'),
    server(1, 0xfe, 'mysql_native_password\0', 'nonce\0'),
    client(2, 'scrambled'),
    ok(3),
    client(0, 0x0e),
    ok(1),
  ]);
  expect(found.found.slice(4).map(({ event }) => event)).toEqual([
    ...['head COM_CHANGE_USER', 'complete COM_CHANGE_USER', 'continued', 'answered COM_CHANGE_USER'],
    ...['head COM_PING', 'complete COM_PING', 'answered COM_PING'],
  ]);
  expect(found.requests[1]?.judged).toBe(false);
});

test('an idle server says why it closes the connection', () => {
  expect(afterLogin([server(0, 0xff, 0xbf, 0x0f, '#HY000The client was disconnected')])).toEqual(['unasked']);
});
