import { durationSchema, LoadsError, type Problem } from '@loads/core';
import { type Options, type Problems, problemsIn, readSetting } from '../control/behavior-setting.ts';
import type { RecordedFault } from '../control/fault-log.ts';
import type { BehaviorState, ManagedProxy } from '../control/managed-proxy.ts';
import { readProxy } from '../control/read-proxy.ts';
import { Vaurien } from '../control/vaurien.ts';
import type { ProxyAddress } from '../proxy/start-proxy.ts';
import type { ProxyStats } from '../proxy/stats.ts';
import { withBehavior } from './with-behavior.ts';

/** A proxy of a test. Keys beyond these are `scope`, `match` and the options of its behaviors. */
export type LocalProxyOptions = {
  /** `host:port` or `unix:/path`. */
  readonly backend: string;
  /** Default: `tcp`. */
  readonly protocol?: string | undefined;
  /** Where it listens, `host:port`; default: a free port of the loopback. */
  readonly proxy?: string | undefined;
  /** In force until another is set, and again after that. */
  readonly behavior?: string | undefined;
  /** Repeats the faults; default: random. */
  readonly seed?: number | undefined;
  /** Stands in the faults; default: `default`. */
  readonly name?: string | undefined;
  readonly [option: string]: unknown;
};

/** A chaos proxy in this process. */
export class LocalProxy implements AsyncDisposable {
  readonly #vaurien: Vaurien;
  readonly #proxy: ManagedProxy;

  private constructor(vaurien: Vaurien, proxy: ManagedProxy) {
    this.#vaurien = vaurien;
    this.#proxy = proxy;
  }

  /** Listens when this returns. Throws ERR_CONFIG with all that is wrong, and ERR_PORT_IN_USE. */
  static async start({ seed, name = 'default', ...entry }: LocalProxyOptions): Promise<LocalProxy> {
    const vaurien = new Vaurien({ seed });
    const definition = orThrow(readProxy(name, entry, vaurien.context));
    return new LocalProxy(vaurien, await vaurien.open(definition));
  }

  /** Where it listens. */
  get address(): ProxyAddress {
    return this.#proxy.address;
  }

  get stats(): Readonly<ProxyStats> {
    return this.#proxy.stats;
  }

  /** The last 1000 faults, in order. */
  get faults(): readonly RecordedFault[] {
    return this.#vaurien.faults.since(0).events;
  }

  get seed(): number {
    return this.#vaurien.seed;
  }

  get behavior(): BehaviorState {
    return this.#proxy.behavior;
  }

  /** Sets `error`, or `20:delay,5:error`, with its options; `ttl` (`30s`) among them lets it end by itself. Throws ERR_CONFIG. */
  setBehavior(name: string, { ttl, ...options }: Options = {}): BehaviorState {
    const setting = readSetting(name, options, this.#proxy.settings);
    const ttlMs = durationSchema.optional().safeParse(ttl);
    const problems: readonly Problem[] = problemsIn(ttlMs.error).map(({ message }) => ({ path: ['ttl'], message }));
    if (problems.length > 0) orThrow({ problems: [...problems, ...('problems' in setting ? setting.problems : [])] });
    return this.#proxy.set(orThrow(setting), { ttlMs: ttlMs.data });
  }

  /** Ends what was set; what it was started with is left. */
  reset(): BehaviorState {
    return this.#proxy.reset();
  }

  /** Sets a behavior while `fn` runs, then what was set before, with its options, even when `fn` throws. */
  withBehavior<Result>(name: string, options: Options, fn: () => Promise<Result> | Result): Promise<Result> {
    const control = {
      getBehavior: async () => this.behavior,
      setBehavior: async (...given: Parameters<LocalProxy['setBehavior']>) => this.setBehavior(...given),
      reset: async () => this.reset(),
    };
    return withBehavior(control, name, options, fn);
  }

  /** Stops listening and drops all connections. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#vaurien.drain(0);
  }
}

/** Starts a chaos proxy in this process, on a free port; it listens when this returns. Throws ERR_CONFIG, ERR_PORT_IN_USE. */
export function startProxy(options: LocalProxyOptions): Promise<LocalProxy> {
  return LocalProxy.start(options);
}

function orThrow<Value extends object>(read: Value | Problems): Value {
  if (!('problems' in read)) return read;
  const lines = read.problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new LoadsError('ERR_CONFIG', lines.join('\n'));
}
