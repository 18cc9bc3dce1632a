import { WindowLog } from '../proxy/window-log.ts';
import type { Clock } from './clock.ts';
import { FaultTally } from './fault-tally.ts';
import type { Schedule, ScheduledSetting } from './schedule-keeper.ts';

export type RunLeaseOptions = {
  readonly run: string;
  readonly entries: readonly ScheduledSetting[];
  /** What was kept before, and is kept again after it. */
  readonly before: Schedule | undefined;
  readonly ttlMs: number;
  readonly clock: Clock;
  /** Called once, when the time to live has passed. */
  onExpiry(): void;
};

/** A run's hold on the schedule of a proxy. It ends by itself unless it is renewed: nobody has to live for that. */
export class RunLease {
  readonly run: string;
  readonly entries: readonly ScheduledSetting[];
  readonly before: Schedule | undefined;
  /** The faults of its entries. */
  readonly tally: FaultTally = new FaultTally();
  /** When its windows really began and ended, from the start that the run gave. */
  readonly log: WindowLog;
  readonly #names: ReadonlySet<string>;
  readonly #clock: Clock;
  readonly #onExpiry: () => void;
  #expiresAtMs = 0;
  #cancel: (() => void) | undefined;

  constructor({ run, entries, before, ttlMs, clock, onExpiry }: RunLeaseOptions) {
    this.run = run;
    this.entries = entries;
    this.before = before;
    this.log = new WindowLog(entries);
    this.#names = new Set(entries.map(({ name }) => name));
    this.#clock = clock;
    this.#onExpiry = onExpiry;
    this.renew(ttlMs);
  }

  /** Whether a rule is one of its entries. */
  owns(rule: string): boolean {
    return this.#names.has(rule);
  }

  /** Epoch ms. */
  get expiresAtMs(): number {
    return this.#expiresAtMs;
  }

  /** Lets it end `ttlMs` from now, and not as it was to. */
  renew(ttlMs: number): void {
    this.#expiresAtMs = this.#clock.now() + ttlMs;
    this.#await();
  }

  /** Calls the expiry off. */
  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #await(): void {
    this.#cancel?.();
    this.#cancel = this.#clock.after(Math.max(0, this.#expiresAtMs - this.#clock.now()), () => {
      // A timer may fire early.
      if (this.#clock.now() < this.#expiresAtMs) this.#await();
      else this.#onExpiry();
    });
  }
}
