import type { Server } from 'node:net';
import { listen, type TestServer } from '../servers.test.fixture.ts';
import { connectServer } from './connect-server.test.fixture.ts';
import { socksServer } from './socks-server.test.fixture.ts';
import type { ProxyUser } from './tunnel-kind.ts';

/** A kind of proxies that open tunnels, for tests that each of them has to pass. */
export type ProxyKind = {
  readonly kind: string;
  readonly scheme: string;
  readonly server: (asked: (address: string) => void, user?: ProxyUser) => Server;
  /** What comes of a server that it finds closed. */
  readonly closed: { readonly failure: string; readonly reason: string };
  /** What it says to those whom it does not know. */
  readonly nameless: RegExp;
  readonly stranger: RegExp;
};

export const PROXY_KINDS: readonly ProxyKind[] = [
  {
    kind: 'a SOCKS5 proxy',
    scheme: 'socks5',
    server: socksServer,
    closed: { failure: 'refused', reason: 'connection refused' },
    nameless: /the SOCKS5 proxy wants to know who asks/,
    stranger: /the SOCKS5 proxy does not take the username and password/,
  },
  {
    kind: 'an HTTP proxy',
    scheme: 'http',
    server: connectServer,
    closed: { failure: 'other', reason: 'the HTTP proxy answers: 502 Bad Gateway' },
    nameless: /the HTTP proxy wants to know who asks \(407\)/,
    stranger: /the HTTP proxy does not take the username and password \(407\)/,
  },
];

export type StartedProxy = TestServer & {
  /** Where its tunnels were to lead. */
  readonly asked: readonly string[];
  /** Its URL for a user; without one by default. */
  readonly as: (credentials?: string) => string;
};

/** Starts a proxy that lets `ann` pass with `p@ss`, and nobody else. */
export async function startProxy({ scheme, server }: ProxyKind): Promise<StartedProxy> {
  const asked: string[] = [];
  const listening = await listen(server((address) => asked.push(address), { username: 'ann', password: 'p@ss' }));
  const as = (credentials?: string): string =>
    `${scheme}://${credentials === undefined ? '' : `${credentials}@`}127.0.0.1:${listening.port}`;
  return { ...listening, asked, as };
}
