import { isIPv6 } from 'node:net';
import { parseAddress } from '@loads/core';
import { resolverOf } from './dns/resolver.ts';
import { LazyTransport } from './lazy-transport.ts';
import { type Address, contextOf, type Endpoint } from './open-socket.ts';
import type { SessionOptions } from './session-options.ts';
import type { Transport } from './transport.ts';
import { noProxy } from './tunnel/tunnel-proxy.ts';
import { DEFAULT_LIMITS, type ResponseLimits } from './wire/response-limits.ts';
import { WireTransport } from './wire/wire-transport.ts';

/** By `host:port` of a URL: connect there instead (the chaos proxy). URL, Host header and TLS name stay those of the target. */
export type Dial = ReadonlyMap<string, { readonly host: string; readonly port: number }>;

/** The connections of a session: one transport for each origin, made when it is first asked for. */
export class Transports {
  readonly limits: ResponseLimits;
  readonly #options: SessionOptions;
  readonly #dial: Dial | undefined;
  readonly #hosts: ReadonlyMap<string, Partial<PinnedAddress>> | undefined;
  /** The first one, which most sessions stay with. */
  #first: { readonly origin: string; readonly transport: Transport } | undefined;
  /** The others. */
  #more: Map<string, Transport> | undefined;

  /** Throws an Error for settings that no connection could have. */
  constructor(options: SessionOptions, dial: Dial | undefined) {
    this.#options = options;
    this.#dial = dial;
    this.limits = options.limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...options.limits };
    const { hosts } = options;
    this.#hosts =
      hosts && new Map(Object.entries(hosts).map(([name, address]) => [name.toLowerCase(), pinned(name, address)]));
    if (options.tls !== undefined) contextOf(options.tls);
    if (options.dns !== undefined) resolverOf(options.dns);
    if (options.proxy !== undefined) checkProxy(options.proxy);
  }

  to(origin: string): Transport {
    if (this.#first === undefined) this.#first = { origin, transport: this.#open(origin) };
    if (this.#first.origin === origin) return this.#first.transport;
    this.#more ??= new Map();
    let transport = this.#more.get(origin);
    if (transport === undefined) {
      transport = this.#open(origin);
      this.#more.set(origin, transport);
    }
    return transport;
  }

  async close(): Promise<void> {
    const more = Array.from(this.#more?.values() ?? []);
    await Promise.all([this.#first?.transport.close(), ...more.map((transport) => transport.close())]);
  }

  #open(origin: string): Transport {
    const { http2, proxy } = this.#options;
    const { maxBodyBytes } = this.limits;
    const url = new URL(origin);
    const endpoint = this.#endpointOf(url);
    // Loaded when it is needed: few tests need it, and it takes 100 ms and 10 MiB.
    const undici = (): Promise<typeof import('./undici/undici-transport.ts')> => import('./undici/undici-transport.ts');
    if (proxy !== undefined) {
      return new LazyTransport(async () => (await undici()).proxyTransport(origin, endpoint, proxy, maxBodyBytes));
    }
    if (endpoint.secure ? http2 !== undefined && http2 !== false : http2 === 'prior-knowledge') {
      return new LazyTransport(async () => (await undici()).http2Transport(origin, endpoint, maxBodyBytes));
    }
    return new WireTransport(url.host, endpoint, this.limits);
  }

  #endpointOf(origin: URL): Endpoint {
    const { tls = NO_TLS_OPTIONS, dns } = this.#options;
    const secure = origin.protocol === 'https:';
    const hostname = origin.hostname.replace(/^\[|\]$/g, '');
    const lookup = dns && resolverOf(dns).lookup;
    return { secure, hostname, dial: this.#addressOf(origin, hostname), tls, lookup };
  }

  #addressOf(origin: URL, hostname: string): Address {
    if (this.#options.socketPath !== undefined) return { path: this.#options.socketPath };
    const port = origin.port === '' ? (origin.protocol === 'https:' ? 443 : 80) : Number(origin.port);
    const key = `${origin.hostname}:${port}`;
    const through = this.#dial?.get(key);
    return through ?? { host: hostname, port, ...(this.#hosts?.get(key) ?? this.#hosts?.get(origin.hostname)) };
  }
}

const NO_TLS_OPTIONS = {};

type PinnedAddress = { readonly host: string; readonly port: number };

/** An address with or without a port. */
function pinned(name: string, text: string): Partial<PinnedAddress> {
  const bare = text.replace(/^\[|\]$/g, '');
  const address = isHost(bare) ? { host: bare } : parseAddress(text);
  if (!address)
    throw new TypeError(`hosts: '${text}' for ${name} is no address: give one such as 10.0.0.7 or 10.0.0.7:8080`);
  return address;
}

function isHost(text: string): boolean {
  return /^[\w.-]+$/.test(text) || isIPv6(text);
}

function checkProxy(proxy: string): void {
  if (!/^(?:https?|socks5):$/.test(URL.parse(proxy)?.protocol ?? '')) throw noProxy(proxy);
}
