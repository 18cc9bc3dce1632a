import { type Address, type BackendTls, LoadsError, type ProxyLimits } from '@loads/core';
import { connectionOptions } from '../protocols/connection-options.ts';
import { protocols } from '../protocols/registry.ts';
import { BackendPool } from './backend-pool.ts';
import type { ConnectionInfo } from './connection-info.ts';
import type { Endpoint } from './endpoint.ts';
import type { FaultEvent } from './fault-event.ts';
import type { InjectionContext } from './injection.ts';
import { Listener } from './listener.ts';
import { type ActiveRule, LiveRules } from './live-rules.ts';
import { ProxySession } from './proxy-session.ts';
import type { Rule } from './rule.ts';
import { newStats, type ProxyStats } from './stats.ts';

export type ProxyAddress = Address;

/** Connections to the backend that wait for a client at most, where no limit of connections is set: the ancestor's. */
const POOL_SIZE = 100;
const POOL_MS = 30_000;

export type ProxyOptions = {
  /** Names the proxy in faults and keys its draws. */
  readonly name: string;
  /** Where to listen; without it on the loopback, on a free port. */
  readonly listen?:
    | { readonly host?: string | undefined; readonly port?: number | undefined }
    | { readonly path: string }
    | undefined;
  readonly backend: Endpoint;
  /** Name of a protocol in the registry. */
  readonly protocol: string;
  /** Options of the protocol, parsed by its schema. */
  readonly protocolOptions?: Readonly<Record<string, unknown>> | undefined;
  /** What is in force from the start. The first rule that hits a unit wins. */
  readonly rules: readonly Rule[];
  readonly seed: number;
  /** Number of the node, which keys the draws; without it 0. */
  readonly node?: number | undefined;
  readonly limits?: ProxyLimits | undefined;
  /** TLS towards the clients, PEM: the proxy then sees what they say. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** TLS towards the backend. */
  readonly backendTls?: BackendTls | undefined;
  /** Told of each injected fault, once, as it is injected. Must not throw. */
  onFault(event: FaultEvent): void;
  /** Epoch ms. */
  now(): number;
};

export type RunningProxy = AsyncDisposable & {
  /** Where it listens; of a unix socket the host is its path and the port 0. */
  readonly address: ProxyAddress;
  /** The counts at this moment. */
  readonly stats: Readonly<ProxyStats>;
  /**
   * Replaces all rules, for open connections too: from their next request on, or at once where a protocol has none.
   * Faults whose rule is gone end: what hangs is reset, what is held flows. `resetOpen` also cuts all open connections.
   * Throws ERR_CONFIG when a rule names no known behavior.
   */
  setRules(rules: readonly Rule[], options?: { readonly resetOpen?: boolean | undefined }): void;
  /** Where new connections go. */
  readonly backend: Endpoint;
  /** Sends what is opened from now on to another backend. Open connections keep theirs. */
  setBackend(backend: Endpoint): void;
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
  const { name, seed, node = 0, limits = {}, backendTls } = options;
  let { backend } = options;
  const plugin = protocols.get(options.protocol);
  if (!plugin) throw new LoadsError('ERR_CONFIG', `proxy '${name}': there is no protocol '${options.protocol}'`);
  const protocol = plugin.create(options.protocolOptions ?? {});

  const stats = newStats();
  const rules = new LiveRules();
  const sessions = new Set<ProxySession>();
  /** Who waits until no connection is open. */
  const leavers: (() => void)[] = [];
  const refusals = new Map<string, number>();
  let closing = false;
  const { buffer, reuse_socket: reuse } = connectionOptions(options.protocolOptions);
  const { connections: mostConnections = Number.POSITIVE_INFINITY } = limits;
  const pool = reuse
    ? new BackendPool({
        size: Math.min(mostConnections, POOL_SIZE),
        maxAgeMs: limits.poolMs ?? POOL_MS,
        backend: () => backend,
        now: options.now,
      })
    : undefined;
  const context = {
    seed,
    node,
    proxy: name,
    protocol: plugin.name,
    backend: () => backend,
    backendTls,
    limits,
    pool,
    pieceBytes: buffer ?? limits.pieceBytes,
    rules,
    stats,
    now: options.now,
    report,
  };
  rules.set(options.rules);
  const listener = await Listener.open({
    name,
    endpoint: endpointOf(options.listen),
    backlog: limits.backlog,
    tls: options.tls,
    refusal: plugin.refusal,
    admits: (handshakes) => {
      if (!closing && sessions.size + handshakes < mostConnections) return true;
      stats.connectionsRefused++;
      return false;
    },
    onConnection: (client) => {
      const session = new ProxySession(client, ++stats.connectionsAccepted, context, (closed) => {
        if (sessions.delete(closed)) stats.connectionsOpen--;
        if (sessions.size === 0) for (const resolve of leavers.splice(0)) resolve();
      });
      sessions.add(session);
      stats.connectionsOpen++;
      session.start(protocol);
    },
  });
  let steering = Promise.resolve();
  let refused: ActiveRule | undefined;
  steer();

  return {
    get address() {
      const { endpoint } = listener;
      return 'path' in endpoint ? { host: endpoint.path, port: 0 } : endpoint;
    },
    get stats() {
      return { ...stats };
    },
    get backend() {
      return backend;
    },
    setBackend(next) {
      backend = next;
      pool?.clear();
    },
    connections: () => Array.from(sessions, (session) => session.info),
    setRules(next, { resetOpen = false } = {}) {
      rules.set(next);
      for (const session of sessions) session.rulesChanged();
      if (resetOpen) for (const session of sessions) session.cut('rst');
      steer();
    },
    drain,
    close: () => drain(0),
    [Symbol.asyncDispose]: () => drain(0),
  };

  function report(event: FaultEvent): void {
    stats.faults++;
    options.onFault(event);
  }

  /** Closes or opens the listener, as the rules say. What the kernel refuses nobody sees: the fault is that it does. */
  function steer(): void {
    if (closing) return;
    const refusing = rules.refusing;
    if (!refusing) {
      // The port may be gone by then; the connections that fail show it.
      steering = steering.then(() => listener.listen()).catch(() => undefined);
    } else if (refusing !== refused) {
      steering = steering.then(() => listener.refuse());
      const { name: of } = refusing.rule;
      refusals.set(of, (refusals.get(of) ?? 0) + 1);
      report(refusalEvent(refusing, refusals.get(of) ?? 1, context));
    }
    refused = refusing;
  }

  async function drain(timeoutMs: number): Promise<void> {
    closing = true;
    pool?.close();
    await steering;
    listener.refuse();
    const drop = (): void => {
      for (const session of sessions) session.close();
    };
    const timer = timeoutMs > 0 ? setTimeout(drop, timeoutMs) : undefined;
    if (!timer) drop();
    if (sessions.size > 0) await new Promise<void>((resolve) => leavers.push(resolve));
    clearTimeout(timer);
    listener.close();
  }
}

function endpointOf(listen: ProxyOptions['listen']): Endpoint {
  if (listen && 'path' in listen) return listen;
  return { host: listen?.host ?? '127.0.0.1', port: listen?.port ?? 0 };
}

/** The fault of not listening, for the nth time by this rule. */
function refusalEvent(
  { rule }: ActiveRule,
  count: number,
  { node, proxy, protocol, now }: InjectionContext,
): FaultEvent {
  const { behavior = '', options = {} } = rule.behaviors[0] ?? {};
  const id = `${node}-${proxy}-0-0-${rule.name}${count === 1 ? '' : `-${count}`}`;
  const unit = { connection: 0, request: 0, operation: '', point: 'connection' as const };
  return { id, atMs: now(), proxy, protocol, behavior, rule: rule.name, options, ...unit };
}
