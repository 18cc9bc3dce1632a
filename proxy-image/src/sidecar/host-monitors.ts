import { setTimeout as sleep } from 'node:timers/promises';
import {
  HOST_METRICS,
  HOST_TAG,
  type HostSample,
  type MonitorPlan,
  ratesBetween,
  type StatsdSample,
  type Tags,
} from '@loads/core';
import { askHost } from './ask-host.ts';

export type HostMonitorsOptions = {
  readonly monitors: readonly MonitorPlan[];
  readonly record: (sample: StatsdSample) => void;
  /** ms of a clock that nobody sets. */
  readonly now: () => number;
  /** How often each host is asked, and how long it may think. */
  readonly everyMs?: number | undefined;
};

const EVERY_MS = 1000;

/** Watches hosts from now on: asks each once a second, and records what it tells. What it does not tell is counted, and never guessed. */
export class HostMonitors implements AsyncDisposable {
  readonly #options: HostMonitorsOptions;
  readonly #done = new AbortController();
  readonly #watching: Promise<unknown>;

  constructor(options: HostMonitorsOptions) {
    this.#options = options;
    this.#watching = Promise.all(options.monitors.map((monitor) => this.#watch(monitor)));
  }

  /** Nothing is recorded once this has returned; an answer that is on its way is neither taken nor missed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#done.abort();
    await this.#watching;
  }

  async #watch(monitor: MonitorPlan): Promise<void> {
    const { record, now, everyMs = EVERY_MS } = this.#options;
    const { signal } = this.#done;
    let before: HostSample | undefined;
    while (!signal.aborted) {
      const nextMs = now() + everyMs;
      const answer = await askHost(monitor, { limitMs: everyMs, signal });
      if (signal.aborted) return;
      if ('missed' in answer) {
        record(counted('host_missed', 1, { [HOST_TAG]: monitor.name, reason: answer.missed }));
      } else {
        for (const sample of hostSamples(monitor.name, before, answer)) record(sample);
        before = answer;
      }
      await sleep(Math.max(0, nextMs - now()), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** What is recorded of a host's sample: what it has now, and what it did since the one before. */
export function hostSamples(
  host: string,
  before: HostSample | undefined,
  { memory, load, swapUsed, plugins, refused, ...rest }: HostSample,
): readonly StatsdSample[] {
  const tags = { [HOST_TAG]: host };
  const now = { memory, load, swapUsed, plugins, refused, ...rest };
  const { cpu, netIn, netOut } = before ? ratesBetween(before, now) : {};
  const values: readonly (readonly [string, number | undefined])[] = [
    ['host_cpu', cpu],
    ['host_memory', memory && memory.total > 0 ? memory.used / memory.total : undefined],
    ['host_swap', swapUsed],
    ['host_load', load],
    ['host_net_in', netIn],
    ['host_net_out', netOut],
  ];
  const given = Object.entries(plugins).flatMap(([plugin, figures]) =>
    Object.entries(figures).map(([key, value]) => [`host_${plugin}_${key}`, value] as const),
  );
  // A plug-in must not speak in the name of the host.
  const plugged = given.filter(([name]) => !Object.hasOwn(HOST_METRICS, name));
  const lost = refused + given.length - plugged.length;
  return [
    ...[...values, ...plugged].flatMap(([name, value]) => (value === undefined ? [] : [gauge(name, value, tags)])),
    ...(lost > 0 ? [counted('host_refused', lost, tags)] : []),
  ];
}

function gauge(name: string, value: number, tags: Tags): StatsdSample {
  return { name, type: 'g', value, weight: 1, tags };
}

function counted(name: string, value: number, tags: Tags): StatsdSample {
  return { name, type: 'c', value, weight: 1, tags };
}
