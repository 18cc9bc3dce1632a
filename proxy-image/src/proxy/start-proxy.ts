import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type Address, LoadsError } from '@loads/core';
import { protocols } from '../protocols/registry.ts';
import type { FaultEvent } from './fault-event.ts';
import { LiveRules } from './live-rules.ts';
import type { Rule } from './rule.ts';
import { type ConnectionInfo, Session } from './session.ts';
import { newStats, type ProxyStats } from './stats.ts';

export type ProxyAddress = Address;

export type ProxyOptions = {
  /** Names the proxy in faults and keys its draws. */
  readonly name: string;
  /** Where to listen; without it on the loopback, on a free port. */
  readonly listen?: { readonly host?: string | undefined; readonly port?: number | undefined } | undefined;
  readonly backend: ProxyAddress;
  /** Name of a protocol in the registry. */
  readonly protocol: string;
  /** Options of the protocol, parsed by its schema. */
  readonly protocolOptions?: Readonly<Record<string, unknown>> | undefined;
  /** What is in force from the start. The first rule that hits a unit wins. */
  readonly rules: readonly Rule[];
  readonly seed: number;
  /** Number of the node, which keys the draws; without it 0. */
  readonly node?: number | undefined;
  /** Told of each injected fault, once, as it is injected. Must not throw. */
  onFault(event: FaultEvent): void;
  /** Epoch ms. */
  now(): number;
};

export type RunningProxy = AsyncDisposable & {
  readonly address: ProxyAddress;
  /** The counts at this moment. */
  readonly stats: Readonly<ProxyStats>;
  /**
   * Replaces all rules, for open connections too: http from their next request on, tcp at once. Faults whose rule is
   * gone end: what hangs is reset, what is held flows. `resetOpen` also cuts all open connections. Throws ERR_CONFIG
   * when a rule names no known behavior.
   */
  setRules(rules: readonly Rule[], options?: { readonly resetOpen?: boolean | undefined }): void;
  /** Where new connections go. */
  readonly backend: ProxyAddress;
  /** Sends what is opened from now on to another backend. Open connections keep theirs. */
  setBackend(backend: ProxyAddress): void;
  /** The open connections, oldest first. */
  connections(): readonly ConnectionInfo[];
  /** Stops listening, gives open connections `timeoutMs` to end by themselves, and drops the rest. */
  drain(timeoutMs: number): Promise<void>;
  /** Stops listening and drops all connections. */
  close(): Promise<void>;
};

/**
 * Starts a proxy that forwards to the backend and injects faults by its rules. Throws ERR_PORT_IN_USE when the port is
 * taken, and ERR_CONFIG when it cannot listen at all, or when a name is unknown.
 */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { name, seed, node = 0 } = options;
  let { backend } = options;
  const plugin = protocols.get(options.protocol);
  if (!plugin) throw new LoadsError('ERR_CONFIG', `proxy '${name}': there is no protocol '${options.protocol}'`);
  const protocol = plugin.create(options.protocolOptions ?? {});

  const stats = newStats();
  const rules = new LiveRules();
  rules.set(options.rules);
  const sessions = new Set<Session>();
  const context = {
    seed,
    node,
    proxy: name,
    protocol: plugin.name,
    backend: () => backend,
    rules,
    stats,
    now: options.now,
    report,
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const session = new Session(client, ++stats.connectionsAccepted, context, (closed) => {
      if (sessions.delete(closed)) stats.connectionsOpen--;
    });
    sessions.add(session);
    stats.connectionsOpen++;
    session.start(protocol);
  });
  const address = await listen(server, name, options.listen?.host ?? '127.0.0.1', options.listen?.port ?? 0);

  return {
    address,
    get stats() {
      return { ...stats };
    },
    get backend() {
      return backend;
    },
    setBackend(next) {
      backend = next;
    },
    connections: () => Array.from(sessions, (session) => session.info),
    setRules(next, { resetOpen = false } = {}) {
      rules.set(next);
      for (const session of sessions) session.rulesChanged();
      if (resetOpen) for (const session of sessions) session.cut('rst');
    },
    drain,
    close,
    [Symbol.asyncDispose]: close,
  };

  function report(event: FaultEvent): void {
    stats.faults++;
    options.onFault(event);
  }

  async function drain(timeoutMs: number): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    const timer = setTimeout(() => {
      for (const session of sessions) session.close();
    }, timeoutMs);
    await closed;
    clearTimeout(timer);
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const session of sessions) session.close();
    await closed;
  }
}

async function listen(server: Server, name: string, host: string, port: number): Promise<ProxyAddress> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LoadsError(taken ? 'ERR_PORT_IN_USE' : 'ERR_CONFIG', `proxy '${name}' cannot listen: ${why}`, { cause });
  }
  // A connection that could not be accepted (out of file descriptors) is the client's loss, not the proxy's end.
  server.on('error', () => {});
  const bound = server.address() as AddressInfo;
  return { host: bound.address, port: bound.port };
}
