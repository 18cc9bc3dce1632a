import { isIPv4, isIPv6, type Socket } from 'node:net';
import type { Address } from '@loads/core';
import { readBytes } from './read-bytes.ts';
import { TunnelError } from './tunnel-error.ts';
import type { ProxyUser, TunnelKind } from './tunnel-kind.ts';

/** SOCKS5 proxies (RFC 1928; with username and password, RFC 1929). */
export const SOCKS5: TunnelKind = { defaultPort: 1080, open };

const [VERSION, CONNECT, BY_IPV4, BY_NAME, BY_IPV6] = [5, 1, 1, 3, 4];
const [NO_AUTH, BY_PASSWORD] = [0, 2];
const AUTH_VERSION = 1;
/** Replies (RFC 1928, section 6). */
const REPLIES: readonly string[] = [
  'succeeded',
  'general failure',
  'not allowed by its rules',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'time to live expired',
  'command not supported',
  'address type not supported',
];

async function open(socket: Socket, end: Address, user?: ProxyUser): Promise<void> {
  const method = user ? BY_PASSWORD : NO_AUTH;
  socket.write(Buffer.of(VERSION, 1, method));
  const [version, chosen] = await readBytes(socket, 2);
  if (version !== VERSION) throw new TunnelError('ERR_SOCKS_VERSION', 'the proxy does not speak SOCKS5');
  if (chosen !== method) {
    const wanted = user ? 'takes no username and password' : 'wants to know who asks';
    throw new TunnelError('ERR_SOCKS_AUTH', `the SOCKS5 proxy ${wanted}`);
  }
  if (user) await authenticate(socket, user);
  socket.write(Buffer.concat([Buffer.of(VERSION, CONNECT, 0), addressOf(end)]));
  const [, reply = 0, , kind] = await readBytes(socket, 4);
  // The address that it connects from is of no use here.
  await readBytes(socket, (await lengthOf(socket, kind)) + 2);
  if (reply === 0) return;
  throw new TunnelError(`ERR_SOCKS_REPLY_${reply}`, `the SOCKS5 proxy answers: ${REPLIES[reply] ?? `error ${reply}`}`);
}

async function authenticate(socket: Socket, { username, password }: ProxyUser): Promise<void> {
  socket.write(Buffer.concat([Buffer.of(AUTH_VERSION), sized(username), sized(password)]));
  const [, status] = await readBytes(socket, 2);
  if (status !== 0) throw new TunnelError('ERR_SOCKS_AUTH', 'the SOCKS5 proxy does not take the username and password');
}

function addressOf({ host, port }: Address): Buffer {
  return Buffer.concat([hostOf(host), Buffer.of(port >> 8, port & 0xff)]);
}

function hostOf(host: string): Buffer {
  if (isIPv4(host)) return Buffer.of(BY_IPV4, ...host.split('.').map(Number));
  const groups = ipv6Groups(host);
  if (!groups) return Buffer.concat([Buffer.of(BY_NAME), sized(host)]);
  return Buffer.of(BY_IPV6, ...groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The eight numbers of an IPv6 address; undefined for what is none. A zone is of this machine, and no other knows it. */
function ipv6Groups(host: string): readonly number[] | undefined {
  const url = isIPv6(host) ? URL.parse(`http://[${host.replace(/%.*$/, '')}]`) : null;
  if (!url) return undefined;
  // A URL has it in groups of hexadecimal digits, also where its end was written as IPv4.
  const [before = [], after = []] = url.hostname
    .slice(1, -1)
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))));
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

async function lengthOf(socket: Socket, kind: number | undefined): Promise<number> {
  if (kind === BY_NAME) return (await readBytes(socket, 1))[0] ?? 0;
  return kind === BY_IPV6 ? 16 : 4;
}

/** A text behind its length, which is one byte. */
function sized(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255)
    throw new TunnelError('ERR_SOCKS_LENGTH', 'SOCKS5 takes names and passwords of at most 255 bytes');
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
