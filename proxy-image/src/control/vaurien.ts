import { LoadsError } from '@loads/core';
import type { BehaviorDefaults } from './behavior-setting.ts';
import { type Clock, systemClock } from './clock.ts';
import { FaultLog } from './fault-log.ts';
import { ManagedProxy } from './managed-proxy.ts';
import type { ProxyContext, ProxyDefinition } from './read-proxy.ts';

export type VaurienOptions = {
  /** Repeats the faults; default: random. */
  readonly seed?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Options that stand in for those that a setting does not give, by the name of the behavior. */
  readonly behaviors?: BehaviorDefaults | undefined;
  /** Options of protocols by the protocol's name. */
  readonly protocols?: ProxyContext['protocols'] | undefined;
};

/** Many chaos proxies in one process, by name, with all their faults in one log. */
export class Vaurien implements AsyncDisposable {
  readonly seed: number;
  readonly clock: Clock;
  readonly faults: FaultLog = new FaultLog();
  /** What new proxies are read with. */
  readonly context: ProxyContext;
  readonly #proxies = new Map<string, ManagedProxy>();
  /** Names that are being opened. */
  readonly #opening = new Set<string>();

  constructor({ seed, clock = systemClock, behaviors = {}, protocols = {} }: VaurienOptions = {}) {
    this.seed = seed ?? Math.floor(Math.random() * 0x1_0000_0000);
    this.clock = clock;
    this.context = { behaviors, protocols };
  }

  /** The proxies in the order in which they were opened. */
  get proxies(): readonly ManagedProxy[] {
    return [...this.#proxies.values()];
  }

  /** The proxy that is meant where none is named. */
  get first(): ManagedProxy | undefined {
    return this.proxies[0];
  }

  named(name: string): ManagedProxy | undefined {
    return this.#proxies.get(name);
  }

  listeningOn(port: number): ManagedProxy | undefined {
    return this.proxies.find(({ address }) => address.port === port);
  }

  /** Starts a proxy; it listens when this returns. Throws ERR_PORT_IN_USE, or ERR_CONFIG when its name is taken. */
  async open(definition: ProxyDefinition): Promise<ManagedProxy> {
    const { name } = definition;
    if (this.has(name)) throw new LoadsError('ERR_CONFIG', `there is a proxy '${name}' already`);
    this.#opening.add(name);
    try {
      const proxy = await ManagedProxy.open(definition, {
        seed: this.seed,
        clock: this.clock,
        defaults: this.context.behaviors,
        onFault: (event) => this.faults.add(event),
      });
      this.#proxies.set(name, proxy);
      return proxy;
    } finally {
      this.#opening.delete(name);
    }
  }

  /** Whether a proxy of that name is open, or is being opened. */
  has(name: string): boolean {
    return this.#proxies.has(name) || this.#opening.has(name);
  }

  /** Closes a proxy and drops its connections. Does nothing when there is none of that name. */
  async remove(name: string): Promise<void> {
    const proxy = this.#proxies.get(name);
    this.#proxies.delete(name);
    await proxy?.drain(0);
  }

  /** Stops listening, gives open connections `timeoutMs` to end by themselves, and drops the rest. */
  async drain(timeoutMs: number): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy.drain(timeoutMs)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drain(0);
  }
}
