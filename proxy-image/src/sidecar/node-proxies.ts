import { changesOf, entriesAt, formatAddress, type RunPlan } from '@loads/core';
import type { FaultEvent } from '../proxy/fault-event.ts';
import { type RunningProxy, startProxy } from '../proxy/start-proxy.ts';
import type { RunClock } from './run-clock.ts';

/** The name of the rule that holds a proxy's own behaviors, in force during the whole run; no entry can have it. */
const STANDING = '(always)';

export type NodeProxiesOptions = {
  readonly plan: RunPlan;
  readonly node: number;
  readonly clock: RunClock;
  readonly onFault: (event: FaultEvent) => void;
};

/** The proxies of a node and the schedule that they keep by themselves. */
export class NodeProxies implements AsyncDisposable {
  readonly #options: NodeProxiesOptions;
  readonly #proxies: ReadonlyMap<string, RunningProxy>;
  #timer: NodeJS.Timeout | undefined;
  #active: readonly string[] = [];

  private constructor(options: NodeProxiesOptions, proxies: ReadonlyMap<string, RunningProxy>) {
    this.#options = options;
    this.#proxies = proxies;
  }

  /** Starts every proxy of the plan on a free port of the loopback. No fault is injected before `follow`. */
  static async open(options: NodeProxiesOptions): Promise<NodeProxies> {
    const { plan, node, clock, onFault } = options;
    await using started = new AsyncDisposableStack();
    const proxies = new Map<string, RunningProxy>();
    for (const { name, backend, protocol } of plan.proxies) {
      const now = (): number => clock.now();
      const proxy = await startProxy({ name, backend, protocol, rules: [], seed: plan.seed, node, onFault, now });
      proxies.set(name, started.use(proxy));
    }
    started.move();
    return new NodeProxies(options, proxies);
  }

  /** Where each proxy listens, `host:port` by name. */
  get addresses(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#proxies].map(([name, proxy]) => [name, formatAddress(proxy.address)]));
  }

  /** The entries of the schedule in force. */
  get active(): readonly string[] {
    return this.#active;
  }

  /** Begins to keep the schedule, on the run's clock. */
  follow(): void {
    this.#apply(0);
  }

  /** Ends every fault. */
  heal(): void {
    clearTimeout(this.#timer);
    this.#active = [];
    for (const proxy of this.#proxies.values()) proxy.setRules([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
  }

  /** Puts in force what the schedule says for `elapsedMs`, and waits for its next change. */
  #apply(elapsedMs: number): void {
    const { plan, clock } = this.#options;
    const entries = entriesAt(plan.schedule, elapsedMs);
    this.#active = entries.map(({ name }) => name);
    for (const { name, behaviors } of plan.proxies) {
      const scheduled = entries.filter((entry) => entry.proxy === name);
      const standing = behaviors.some(({ behavior }) => behavior !== 'dummy') ? [{ name: STANDING, behaviors }] : [];
      this.#proxies.get(name)?.setRules([...scheduled, ...standing]);
    }
    const next = changesOf(plan.schedule).find((moment) => moment > elapsedMs);
    if (next === undefined) return;
    // A timer may fire a little early: what it is to apply is the state at the moment itself.
    const wait = Math.max(0, next - (clock.elapsed() ?? 0));
    this.#timer = setTimeout(() => this.#apply(Math.max(next, clock.elapsed() ?? 0)), wait);
  }
}
