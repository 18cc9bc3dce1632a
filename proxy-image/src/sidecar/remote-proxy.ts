import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultMark, type FaultWindow, LoadsError, type RemoteProxyPlan } from '@loads/core';
import { ControlError } from '../client/control-error.ts';
import type { ClientSchedule } from '../client/schedule-client.ts';
import { VaurienClient } from '../client/vaurien-client.ts';
import type { TallyRow } from '../control/fault-tally.ts';

/** New faults of one kind, since the last time that they were told. Instants are epoch ms by this machine's clock. */
export type RemoteFaults = Omit<TallyRow, 'count'> & {
  readonly proxy: string;
  readonly protocol: string;
  /** How many are new. */
  readonly count: number;
};

export type RemoteProxyOptions = {
  readonly plan: RemoteProxyPlan;
  readonly run: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onFaults: (faults: RemoteFaults) => void;
  /** How often the hold is renewed and the faults are asked for. */
  readonly everyMs: number;
  /** How long the hold lives without renewal. */
  readonly ttlMs: number;
};

const LAST_TRIES = 3;
const ANSWER_MS = 3000;
/** A schedule that begins so much later than the run is another one than the samples are stamped by. */
const LATE_MS = 100;

/**
 * A proxy that stands elsewhere, as the one node sees it that drives it: holds its schedule for the run, gives it the
 * start, renews the hold, and collects its faults. What goes wrong after the start is a problem, and never an error:
 * the node has a load to run.
 */
export class RemoteProxy {
  readonly name: string;
  readonly #options: RemoteProxyOptions;
  readonly #client: VaurienClient;
  readonly #told = new Map<string, number>();
  readonly #done = new AbortController();
  #protocol = '';
  #keeping: Promise<void> = Promise.resolve();
  #begun: Promise<void> = Promise.resolve();
  #held = false;
  #problem: string | undefined;
  #windows: readonly FaultWindow[] = [];

  constructor(options: RemoteProxyOptions) {
    const { control, token, remoteName, name } = options.plan;
    this.name = name;
    this.#options = options;
    this.#client = new VaurienClient({ host: control, token, proxy: remoteName, timeoutMs: ANSWER_MS });
  }

  /** What went wrong since it was held; any of it means that the schedule was not kept, or its faults are not known. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** When its entries were in force, as far as it has told. */
  get windows(): readonly FaultWindow[] {
    return this.#windows;
  }

  /** Hands it its entries, which wait for `begin`. Throws LoadsError with all reasons why it cannot be driven. */
  async hold(): Promise<void> {
    const { plan, run } = this.#options;
    const { protocol } = await this.#client.getProxy().catch((error: unknown) => this.#refused(error));
    if (typeof protocol !== 'string') {
      throw new LoadsError('ERR_CONFIG', `proxy ${this.name}: what answers on ${this.#place} is no vaurien`);
    }
    if (plan.protocol !== undefined && plan.protocol !== protocol) {
      const message = `proxy ${this.name}: '${plan.remoteName}' on ${this.#place} speaks ${protocol}, not ${plan.protocol}`;
      throw new LoadsError('ERR_CONFIG', message);
    }
    this.#protocol = protocol;
    const held = { run, ttl: this.#ttl, entries: plan.entries };
    await this.#client.holdSchedule(held).catch((error: unknown) => this.#refused(error));
    this.#held = true;
    this.#keeping = this.#keep();
  }

  /** Lets its entries begin at `atMs` (epoch). It is told as a delay, so its clock may differ from this one. */
  begin(atMs: number): void {
    this.#begun = this.#begin(atMs);
  }

  /** Ends its entries and their faults, and takes the last count of them. Does nothing to one that is not held. */
  async release(): Promise<void> {
    if (!this.#held) return;
    this.#held = false;
    this.#done.abort();
    await Promise.all([this.#begun, this.#keeping]);
    if (this.#problem !== undefined) {
      await this.#client.releaseSchedule(this.#options.run).catch(() => undefined);
      return;
    }
    for (let tries = 1; ; tries++) {
      try {
        this.#take(await this.#client.releaseSchedule(this.#options.run));
        return;
      } catch (error) {
        if (error instanceof ControlError || tries === LAST_TRIES) {
          this.#problem = `its last faults are not known: ${textOf(error)}`;
          return;
        }
        await sleep(this.#options.everyMs);
      }
    }
  }

  async #begin(atMs: number): Promise<void> {
    const { run, now } = this.#options;
    for (;;) {
      const leftMs = atMs - now();
      try {
        await this.#client.changeSchedule({ run, ttl: this.#ttl, startIn: `${Math.max(0, Math.round(leftMs))}ms` });
        if (leftMs < -LATE_MS) this.#problem ??= `it learned of the start ${Math.round(-leftMs)} ms late`;
        return;
      } catch (error) {
        if (error instanceof ControlError || this.#done.signal.aborted || leftMs < -ANSWER_MS) {
          this.#problem ??= `it was not told of the start: ${textOf(error)}`;
          return;
        }
        await sleep(LATE_MS / 2);
      }
    }
  }

  /** Renews the hold and asks for the faults, until it is released. */
  async #keep(): Promise<void> {
    const { run, everyMs } = this.#options;
    const { signal } = this.#done;
    for (;;) {
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || this.#problem !== undefined) return;
      try {
        this.#take(await this.#client.changeSchedule({ run, ttl: this.#ttl }));
      } catch (error) {
        // Who cannot be reached may be again; its counts go on, and nothing is lost. Who refuses holds nothing any more.
        if (error instanceof ControlError) this.#problem = `its schedule was not kept to the end: ${textOf(error)}`;
      }
    }
  }

  #take({ faults = [], windows = [], nowMs }: ClientSchedule): void {
    this.#windows = windows.map((window) => ({ ...window, proxy: this.name }));
    const { now, onFaults } = this.#options;
    const ahead = nowMs - now();
    const here = ({ id, atMs }: FaultMark): FaultMark => ({ id, atMs: Math.round(atMs - ahead) });
    for (const { count, first, last, ...row } of faults) {
      const key = JSON.stringify(row);
      const added = count - (this.#told.get(key) ?? 0);
      if (added <= 0) continue;
      this.#told.set(key, count);
      const ofThis = { proxy: this.name, protocol: this.#protocol };
      onFaults({ ...row, ...ofThis, count: added, first: here(first), last: here(last) });
    }
  }

  get #ttl(): string {
    return `${this.#options.ttlMs}ms`;
  }

  get #place(): string {
    const url = new URL(this.#options.plan.control);
    return url.origin;
  }

  /** Says what a control refused in the words of the run. */
  async #refused(error: unknown): Promise<never> {
    if (!(error instanceof LoadsError)) throw error;
    const { plan } = this.#options;
    const about = `proxy ${this.name}: `;
    if (!(error instanceof ControlError)) {
      const hint = `start it with --http, and look whether node 1 reaches it under that address`;
      throw new LoadsError(error.code, `${about}${error.message}`, { hint, cause: error });
    }
    if (error.status === 401) {
      const hint = `\`token\` of proxies.${this.name} has to be what it was started with`;
      throw new LoadsError('ERR_CONFIG', `${about}${this.#place} lets nobody in: ${error.message}`, { hint });
    }
    if (error.status === 404) {
      const names = await this.#client.listProxies().catch(() => undefined);
      const known = names?.map(({ name }) => name).join(', ') ?? '';
      const message =
        known === ''
          ? `what answers on ${this.#place} has no proxies: is it a vaurien?`
          : `there is no proxy '${plan.remoteName}' on ${this.#place}; there are ${known}`;
      throw new LoadsError('ERR_CONFIG', `${about}${message}`, {
        hint: known === '' ? undefined : `say which one it is with \`name\` in proxies.${this.name}`,
      });
    }
    const lines = error.message.split('\n').map((line) => `${about}${this.#withNames(line)}`);
    throw new LoadsError('ERR_CONFIG', lines.join('\n'));
  }

  /** `entries.0.code: ...` as `fault slow: code: ...`. */
  #withNames(line: string): string {
    return line.replace(/^entries\.(\d+)\.?/, (_, index: string) => {
      const { name } = this.#options.plan.entries[Number(index)] ?? {};
      return `fault ${name}: `;
    });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message.replaceAll('\n', '; ') : String(error);
}
