import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type Address, formatAddress } from '@loads/core';
import { mayBeHead, statusOf } from '../wire/response-head.ts';
import { readSome } from './read-bytes.ts';
import { TunnelError } from './tunnel-error.ts';
import type { ProxyUser, TunnelKind } from './tunnel-kind.ts';

/** Forward proxies of HTTP, by the method CONNECT (RFC 9110, section 9.3.6). */
export const HTTP_CONNECT: TunnelKind = { defaultPort: 80, open };

const HEAD_END = '\r\n\r\n';
/** Of all that a proxy says before the tunnel. */
const MAX_HEAD_BYTES = 16 * 1024;

async function open(socket: Socket, end: Address, user?: ProxyUser): Promise<void> {
  socket.write(requestFor(formatAddress(end), user));
  const status = await readStatus(socket);
  // Fields that tell of a body mean nothing here, where the tunnel begins right behind the head.
  if (status >= 200 && status < 300) return;
  throw new TunnelError(`ERR_CONNECT_STATUS_${status}`, `the HTTP proxy ${refusal(status, user)}`);
}

function requestFor(authority: string, user: ProxyUser | undefined): string {
  const credentials = user && Buffer.from(`${user.username}:${user.password}`).toString('base64');
  const authorization = credentials === undefined ? '' : `Proxy-Authorization: Basic ${credentials}\r\n`;
  return `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`;
}

/** The status of the answer, after any informational ones (RFC 9110, section 15.2), which are read over. */
async function readStatus(proxy: Readable): Promise<number> {
  let left = MAX_HEAD_BYTES;
  for (;;) {
    const head = await readHead(proxy, left);
    left -= head.length;
    const status = statusOf(head.slice(0, head.indexOf('\r\n')));
    if (status === undefined) throw notHttp();
    if (status >= 200 || status === 101) return status;
  }
}

/** The next bytes up to an empty line, and none of those behind it. */
async function readHead(proxy: Readable, maxBytes: number): Promise<string> {
  let held = '';
  for (;;) {
    const chunk = await readSome(proxy);
    const from = Math.max(0, held.length - HEAD_END.length + 1);
    held += chunk.toString('latin1');
    const last = held.indexOf(HEAD_END, from);
    const length = last < 0 ? held.length : last + HEAD_END.length;
    // A server of another protocol is found out by its first bytes: it may never send an empty line.
    if (!mayBeHead(held)) throw notHttp();
    if (length > maxBytes)
      throw new TunnelError(
        'ERR_CONNECT_HEAD_TOO_LARGE',
        `the answer of the HTTP proxy is larger than ${MAX_HEAD_BYTES} bytes`,
      );
    if (last < 0) continue;
    if (length < held.length) proxy.unshift(chunk.subarray(chunk.length - (held.length - length)));
    return held.slice(0, length);
  }
}

function refusal(status: number, user: ProxyUser | undefined): string {
  if (status === 407) return user ? 'does not take the username and password (407)' : 'wants to know who asks (407)';
  const meaning = STATUS_CODES[status];
  return `answers: ${meaning === undefined ? status : `${status} ${meaning}`}`;
}

function notHttp(): TunnelError {
  return new TunnelError('ERR_CONNECT_ANSWER', 'the proxy does not answer in HTTP/1.1');
}
