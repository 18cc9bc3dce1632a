import { changesOf, entriesAt, type FaultWindow, formatAddress, type RunPlan } from '@loads/core';
import type { FaultEvent } from '../proxy/fault-event.ts';
import { type RunningProxy, startProxy } from '../proxy/start-proxy.ts';
import { WindowLog } from '../proxy/window-log.ts';
import type { RunClock } from './run-clock.ts';
import { takesConnections } from './takes-connections.ts';

/** The name of the rule that holds a proxy's own behaviors, in force during the whole run; no entry can have it. */
const STANDING = '(always)';

export type NodeProxiesOptions = {
  readonly plan: RunPlan;
  readonly node: number;
  readonly clock: RunClock;
  /** Where to listen, by the name of the proxy; else on a free port. */
  readonly ports?: Readonly<Record<string, number>> | undefined;
  readonly onFault: (event: FaultEvent) => void;
};

/** The proxies of a node and the schedule that they keep by themselves. */
export class NodeProxies implements AsyncDisposable {
  readonly #options: NodeProxiesOptions;
  readonly #proxies: ReadonlyMap<string, RunningProxy>;
  #timer: NodeJS.Timeout | undefined;
  readonly #log: WindowLog;
  #active: readonly string[] = [];

  private constructor(options: NodeProxiesOptions, proxies: ReadonlyMap<string, RunningProxy>) {
    this.#options = options;
    this.#proxies = proxies;
    this.#log = new WindowLog(options.plan.schedule.filter(({ proxy }) => proxies.has(proxy)));
  }

  /** Starts every proxy of the plan on a free port of the loopback. No fault is injected before `follow`. */
  static async open(options: NodeProxiesOptions): Promise<NodeProxies> {
    const { plan, node, clock, ports = {}, onFault } = options;
    await using started = new AsyncDisposableStack();
    const proxies = new Map<string, RunningProxy>();
    for (const { name, backend, protocol, settings } of plan.proxies) {
      const now = (): number => clock.now();
      const own = { name, backend, protocol, listen: { port: ports[name] }, ...settings };
      const proxy = await startProxy({ ...own, rules: [], seed: plan.seed, node, onFault, now });
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

  /** When the windows of its schedule really began and ended. */
  get windows(): readonly FaultWindow[] {
    return this.#log.windows;
  }

  /** Begins to keep the schedule, on the run's clock. */
  follow(): void {
    this.#apply(0);
  }

  /** Ends every fault, and looks whether every proxy takes connections again. Gives what does not. */
  async heal(): Promise<readonly string[]> {
    clearTimeout(this.#timer);
    this.#active = [];
    for (const proxy of this.#proxies.values()) proxy.setRules([]);
    this.#log.end(this.#options.clock.elapsed() ?? 0);
    const looks = [...this.#proxies].map(async ([name, proxy]) => {
      // Only a proxy that did not listen can fail to do so again; others need not be bothered.
      if (!this.#refused(name) || (await takesConnections(proxy.address))) return [];
      return [`proxy ${name} on node ${this.#options.node}: it takes no connections after its faults`];
    });
    return (await Promise.all(looks)).flat();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
  }

  #refused(proxy: string): boolean {
    const { schedule } = this.#options.plan;
    return schedule.some(
      (entry) => entry.proxy === proxy && entry.behaviors.some(({ options }) => options.mode === 'refuse'),
    );
  }

  /** Puts in force what the schedule says for `elapsedMs`, and waits for its next change. */
  #apply(elapsedMs: number): void {
    const { plan, clock } = this.#options;
    const entries = entriesAt(plan.schedule, elapsedMs);
    this.#active = entries.map(({ name }) => name);
    for (const { name, behaviors, scope, match } of plan.proxies) {
      const scheduled = entries.filter((entry) => entry.proxy === name);
      const standing = behaviors.some(({ behavior }) => behavior !== 'dummy')
        ? [{ name: STANDING, behaviors, scope, match }]
        : [];
      this.#proxies.get(name)?.setRules([...scheduled, ...standing]);
    }
    this.#log.note(elapsedMs, clock.elapsed() ?? elapsedMs);
    const next = changesOf(plan.schedule).find((moment) => moment > elapsedMs);
    if (next === undefined) return;
    // A timer may fire a little early: what it is to apply is the state at the moment itself.
    const wait = Math.max(0, next - (clock.elapsed() ?? 0));
    this.#timer = setTimeout(() => this.#apply(Math.max(next, clock.elapsed() ?? 0)), wait);
  }
}
