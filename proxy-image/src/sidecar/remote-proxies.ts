import { type FaultWindow, LoadsError, type RemoteProxyPlan } from '@loads/core';
import { RemoteProxy, type RemoteProxyOptions } from './remote-proxy.ts';

export type RemoteProxiesOptions = Omit<RemoteProxyOptions, 'plan' | 'everyMs' | 'ttlMs'> & {
  readonly remotes: readonly RemoteProxyPlan[];
  readonly everyMs?: number | undefined;
};

const EVERY_MS = 1000;
const TTL_MS = 10_000;

/** The proxies of a run that stand elsewhere. One node of the run drives them, so that no fault is counted twice. */
export class RemoteProxies implements AsyncDisposable {
  readonly #proxies: readonly RemoteProxy[];

  private constructor(proxies: readonly RemoteProxy[]) {
    this.#proxies = proxies;
  }

  /** Hands each its part of the schedule, which waits for `begin`. Throws LoadsError with everything that is wrong, and holds none then. */
  static async hold({ remotes, everyMs = EVERY_MS, ...options }: RemoteProxiesOptions): Promise<RemoteProxies> {
    const proxies = remotes.map((plan) => new RemoteProxy({ ...options, plan, everyMs, ttlMs: TTL_MS }));
    const held = new RemoteProxies(proxies);
    const results = await Promise.allSettled(proxies.map((proxy) => proxy.hold()));
    const failures = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    const [first] = failures;
    if (first === undefined) return held;
    await held.release();
    const bug = failures.find((failure) => !(failure instanceof LoadsError));
    if (failures.length === 1 || bug !== undefined) throw bug ?? first;
    throw new LoadsError('ERR_CONFIG', failures.map((failure) => (failure as LoadsError).message).join('\n'));
  }

  /** Lets all of them begin at `atMs` (epoch). */
  begin(atMs: number): void {
    for (const proxy of this.#proxies) proxy.begin(atMs);
  }

  /** Ends their faults, and takes the last count of them. */
  async release(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.release()));
  }

  /** When their entries were in force, as far as they have told. */
  get windows(): readonly FaultWindow[] {
    return this.#proxies.flatMap(({ windows }) => windows);
  }

  /** What went wrong with any of them; complete after `release`. */
  get problems(): readonly string[] {
    return this.#proxies.flatMap(({ name, problem }) => (problem === undefined ? [] : [`proxy ${name}: ${problem}`]));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
