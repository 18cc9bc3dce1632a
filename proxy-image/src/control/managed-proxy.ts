import type { WeightedBehavior } from '@loads/core';
import type { ConnectionInfo } from '../proxy/connection-info.ts';
import type { Endpoint } from '../proxy/endpoint.ts';
import type { FaultEvent } from '../proxy/fault-event.ts';
import type { Rule } from '../proxy/rule.ts';
import { type ProxyAddress, type RunningProxy, startProxy } from '../proxy/start-proxy.ts';
import type { ProxyStats } from '../proxy/stats.ts';
import type { BehaviorSetting, SettingContext } from './behavior-setting.ts';
import type { Clock } from './clock.ts';
import type { ProxyDefinition } from './read-proxy.ts';
import { LIVE, STANDING } from './read-schedule.ts';
import { RunLease } from './run-lease.ts';
import { type Schedule, type ScheduledSetting, ScheduleKeeper } from './schedule-keeper.ts';

/** What a proxy has in common with the others of its process. */
export type ManagedContext = {
  readonly seed: number;
  readonly clock: Clock;
  readonly defaults: SettingContext['defaults'];
  onFault(event: FaultEvent): void;
};

/** The behaviors set on a proxy: live by a controller, else those of its configuration. */
export type BehaviorState = Omit<BehaviorSetting, 'behaviors'> & {
  readonly source: 'live' | 'standing';
  /** Counts the changes of the live setting, its end included. */
  readonly version: number;
  readonly behaviors: readonly WeightedBehavior[];
  /** Epoch ms at which a live setting ends by itself. */
  readonly expiresAtMs?: number | undefined;
  /** ms until then. */
  readonly remainingMs?: number | undefined;
};

export type SetOptions = {
  /** ms after which it ends by itself. Default: never. */
  readonly ttlMs?: number | undefined;
  /** Cut the connections that are open. */
  readonly resetOpen?: boolean | undefined;
};

type Live = { readonly setting: BehaviorSetting; readonly version: number; readonly expiresAtMs?: number | undefined };

/**
 * A proxy with its three layers of rules: the live setting first, then the entries of the schedule, then what stands in
 * its configuration. What the share of a layer leaves goes to the next one, so weights and live control work together.
 */
export class ManagedProxy implements AsyncDisposable {
  readonly name: string;
  readonly protocol: string;
  /** What the settings of this proxy are read with. */
  readonly settings: SettingContext;
  readonly #proxy: RunningProxy;
  readonly #clock: Clock;
  readonly #standing: BehaviorSetting | undefined;
  readonly #replay: readonly Rule[];
  readonly #schedule: ScheduleKeeper;
  #live: Live | undefined;
  #lease: RunLease | undefined;
  #version = 0;
  #cancelExpiry: (() => void) | undefined;

  private constructor(definition: ProxyDefinition, { clock, defaults }: ManagedContext, proxy: RunningProxy) {
    this.name = definition.name;
    this.protocol = definition.protocol;
    this.settings = { protocol: definition.protocol, defaults };
    this.#standing = definition.standing;
    this.#replay = definition.replay ?? [];
    this.#proxy = proxy;
    this.#clock = clock;
    this.#schedule = new ScheduleKeeper(clock, () => this.#apply());
  }

  /** Starts the proxy; its schedule, if it has one, begins now. Throws as the proxy itself does. */
  static async open(definition: ProxyDefinition, context: ManagedContext): Promise<ManagedProxy> {
    const { seed, clock, onFault } = context;
    const { standing, schedule, replay = [], ...options } = definition;
    const now = (): number => clock.now();
    const rules = [...replay, ...(standing ? [standingRule(standing)] : [])];
    let managed: ManagedProxy | undefined;
    const count = (event: FaultEvent): void => {
      if (managed?.lease?.owns(event.rule)) managed.lease.tally.add(event);
      onFault(event);
    };
    const proxy = new ManagedProxy(
      definition,
      context,
      await startProxy({ ...options, rules, seed, onFault: count, now }),
    );
    managed = proxy;
    if (schedule.length > 0) proxy.setSchedule({ startAtMs: clock.now(), entries: schedule });
    return proxy;
  }

  get address(): ProxyAddress {
    return this.#proxy.address;
  }

  get stats(): Readonly<ProxyStats> {
    return this.#proxy.stats;
  }

  get connections(): readonly ConnectionInfo[] {
    return this.#proxy.connections();
  }

  get backend(): Endpoint {
    return this.#proxy.backend;
  }

  /** Sends what is opened from now on to another backend; open connections keep theirs. */
  setBackend(backend: Endpoint): void {
    this.#proxy.setBackend(backend);
  }

  get behavior(): BehaviorState {
    const version = this.#version;
    if (!this.#live) return { ...(this.#standing ?? NOTHING), source: 'standing', version };
    const { setting, expiresAtMs } = this.#live;
    const remainingMs = expiresAtMs === undefined ? undefined : Math.max(0, expiresAtMs - this.#clock.now());
    return { ...setting, source: 'live', version, expiresAtMs, remainingMs };
  }

  /** Puts a live setting in force at once, in the place of the one before. What behaviors count starts from zero. */
  set(setting: BehaviorSetting, { ttlMs, resetOpen }: SetOptions = {}): BehaviorState {
    this.#change({ setting, version: this.#version + 1, expiresAtMs: this.#expiry(ttlMs) }, resetOpen);
    return this.behavior;
  }

  /** Lets the live setting end `ttlMs` from now, and not as it was to; it goes on without a seam. Undefined: there is none. */
  renew(ttlMs: number): BehaviorState | undefined {
    if (!this.#live) return undefined;
    this.#live = { ...this.#live, expiresAtMs: this.#expiry(ttlMs) };
    this.#awaitExpiry();
    return this.behavior;
  }

  /** Ends the live setting. */
  reset({ resetOpen }: Pick<SetOptions, 'resetOpen'> = {}): BehaviorState {
    if (this.#live || resetOpen) this.#change(undefined, resetOpen);
    return this.behavior;
  }

  get schedule(): Schedule | undefined {
    return this.#schedule.schedule;
  }

  /** Names of the entries of the schedule in force. */
  get active(): readonly string[] {
    return this.#schedule.active.map(({ name }) => name);
  }

  /** Keeps a schedule in the place of the one before; undefined ends it. A run's hold ends with it. */
  setSchedule(schedule: Schedule | undefined): void {
    this.#endLease();
    this.#schedule.keep(schedule);
    this.#apply();
  }

  /** The run that holds the schedule, if one does. */
  get lease(): RunLease | undefined {
    return this.#lease;
  }

  /** Puts a run's entries in the place of the schedule; they wait for `begin`, and end `ttlMs` after the last renewal. */
  hold(run: string, entries: readonly ScheduledSetting[], ttlMs: number): void {
    const before = this.#lease ? this.#lease.before : this.#schedule.schedule;
    this.#endLease();
    const onExpiry = (): void => this.release();
    this.#lease = new RunLease({ run, entries, before, ttlMs, clock: this.#clock, onExpiry });
    this.#schedule.keep(undefined);
    this.#apply();
  }

  /** Says when the entries that a run put here begin, epoch ms. */
  begin(startAtMs: number): void {
    if (!this.#lease) return;
    this.#schedule.keep({ startAtMs, entries: this.#lease.entries });
    this.#apply();
  }

  /** Ends a run's hold and its faults; what was kept before it is kept again. */
  release(): void {
    const startAtMs = this.#schedule.schedule?.startAtMs;
    const lease = this.#endLease();
    if (!lease) return;
    this.#schedule.keep(lease.before);
    this.#apply();
    if (startAtMs !== undefined) lease.log.end(this.#clock.now() - startAtMs);
  }

  /** Stops listening, gives open connections `timeoutMs` to end by themselves, and drops the rest. Faults stay in force. */
  async drain(timeoutMs: number): Promise<void> {
    await this.#proxy.drain(timeoutMs);
    this.#cancelExpiry?.();
    this.#endLease();
    this.#schedule.keep(undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drain(0);
  }

  #endLease(): RunLease | undefined {
    const lease = this.#lease;
    lease?.end();
    this.#lease = undefined;
    return lease;
  }

  #change(live: Live | undefined, resetOpen: boolean | undefined): void {
    this.#proxy.setRules(this.#rules(live), { resetOpen });
    // Rules that could not be set would have thrown: all of it is in force now, or nothing.
    this.#live = live;
    this.#version++;
    this.#awaitExpiry();
  }

  #apply(): void {
    this.#proxy.setRules(this.#rules(this.#live));
    const startAtMs = this.#schedule.schedule?.startAtMs;
    if (!this.#lease || startAtMs === undefined) return;
    const elapsedMs = this.#clock.now() - startAtMs;
    this.#lease.log.note(elapsedMs, elapsedMs);
  }

  #rules(live: Live | undefined): readonly Rule[] {
    return [
      ...(live ? [liveRule(live)] : []),
      ...this.#replay,
      ...this.#schedule.active.map(({ name, behaviors, scope, match, step }) => ({
        name,
        behaviors,
        scope,
        match,
        step,
      })),
      ...(this.#standing ? [standingRule(this.#standing)] : []),
    ];
  }

  #expiry(ttlMs: number | undefined): number | undefined {
    return ttlMs === undefined ? undefined : this.#clock.now() + ttlMs;
  }

  #awaitExpiry(): void {
    this.#cancelExpiry?.();
    this.#cancelExpiry = undefined;
    const expiresAtMs = this.#live?.expiresAtMs;
    if (expiresAtMs === undefined) return;
    this.#cancelExpiry = this.#clock.after(Math.max(0, expiresAtMs - this.#clock.now()), () => {
      // A timer may fire early.
      if (this.#clock.now() < expiresAtMs) this.#awaitExpiry();
      else this.#change(undefined, false);
    });
  }
}

const NOTHING: BehaviorSetting = { behavior: 'dummy', options: {}, behaviors: [] };

/** With its version, a setting that is given again is another rule: what its behaviors count starts from zero. */
function liveRule({ setting: { behaviors, scope, match }, version }: Live): Rule & { readonly version: number } {
  return { name: LIVE, behaviors, scope, match, version };
}

function standingRule({ behaviors, scope, match }: BehaviorSetting): Rule {
  return { name: STANDING, behaviors, scope, match };
}
