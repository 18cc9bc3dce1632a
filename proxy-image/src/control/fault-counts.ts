import type { StatsD } from 'hot-shots';
import type { Clock } from './clock.ts';
import type { RecordedFault } from './fault-log.ts';
import type { ManagedProxy } from './managed-proxy.ts';
import type { Vaurien } from './vaurien.ts';

const INTERVAL_MS = 1000;

type Counts = { readonly start: number; readonly end: number; readonly to_backend: number; readonly to_client: number };

const NONE: Counts = { start: 0, end: 0, to_backend: 0, to_client: 0 };

/**
 * Counts in statsd, under names that stay the same: each fault as `<prefix>.<proxy>.<behavior>` and as `faults` with
 * tags; and every second what each proxy did: `<prefix>.<proxy>.start` and `.end` (connections), `.to_backend` and
 * `.to_client` (bytes).
 */
export class FaultCounts implements Disposable {
  readonly #vaurien: Vaurien;
  readonly #client: StatsD;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #told = new WeakMap<ManagedProxy, Counts>();
  readonly #unsubscribe: () => void;
  #cancel: () => void;

  constructor(vaurien: Vaurien, client: StatsD, prefix: string) {
    this.#vaurien = vaurien;
    this.#client = client;
    this.#prefix = prefix;
    this.#clock = vaurien.clock;
    this.#unsubscribe = vaurien.faults.subscribe((fault) => this.#count(fault));
    this.#cancel = this.#tellLater();
  }

  /** Sends what has not been sent yet, and stops. */
  [Symbol.dispose](): void {
    this.#unsubscribe();
    this.#cancel();
    this.#tell();
  }

  #count({ proxy, protocol, behavior, point, rule }: RecordedFault): void {
    // A fault is never sampled away.
    this.#client.increment(`${this.#prefix}.${plain(proxy)}.${behavior}`, 1, 1);
    this.#client.increment('faults', 1, 1, { proxy, protocol, behavior, point, fault: rule });
  }

  #tellLater(): () => void {
    return this.#clock.after(INTERVAL_MS, () => {
      this.#tell();
      this.#cancel = this.#tellLater();
    });
  }

  #tell(): void {
    for (const proxy of this.#vaurien.proxies) {
      const now = countsOf(proxy);
      const before = this.#told.get(proxy) ?? NONE;
      this.#told.set(proxy, now);
      for (const key of ['start', 'end', 'to_backend', 'to_client'] as const) {
        const more = now[key] - before[key];
        if (more > 0) this.#client.increment(`${this.#prefix}.${plain(proxy.name)}.${key}`, more);
      }
    }
  }
}

function countsOf({ stats }: ManagedProxy): Counts {
  return {
    start: stats.connectionsAccepted,
    end: stats.connectionsAccepted - stats.connectionsOpen,
    to_backend: stats.bytesToBackend,
    to_client: stats.bytesToClient,
  };
}

/** A dot would make two parts of a name. */
function plain(name: string): string {
  return name.replaceAll('.', '_');
}
