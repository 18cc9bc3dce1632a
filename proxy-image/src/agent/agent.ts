import type { InfluxPlan, PhaseStamp, PointAccounting, Series, StatsdSample, Tags } from '@loads/core';
import { InfluxWriter } from '../influx/influx-writer.ts';
import { pointsOf } from '../influx/points.ts';
import { Spool } from '../influx/spool.ts';
import { MetricStore, type StoreCounts } from './metric-store.ts';
import { StatsdReceiver } from './statsd-receiver.ts';

const INFLUX_DRAIN_MS = 30_000;

export type AgentOptions = {
  /** Epoch ms. */
  readonly now: () => number;
  /** What a sample that names no phase is stamped with. */
  readonly stamp: (atMs: number) => PhaseStamp;
  /** Told after every datagram how many lines have arrived so far, good or not. */
  readonly onLines: (lines: number) => void;
  /** Tags of every point, such as run and node. */
  readonly tags: Tags;
  readonly influx?: { readonly plan: InfluxPlan; readonly spoolDir: string } | undefined;
};

/** The node's statsd agent: takes samples over UDP, keeps their aggregates, and hands points to the database. */
export class Agent implements AsyncDisposable {
  readonly #receiver: StatsdReceiver;
  readonly #influx: InfluxWriter | undefined;
  readonly #options: AgentOptions;
  readonly store: MetricStore;
  #ownSamples = 0;

  private constructor(
    options: AgentOptions,
    store: MetricStore,
    receiver: StatsdReceiver,
    influx: InfluxWriter | undefined,
  ) {
    this.#options = options;
    this.store = store;
    this.#receiver = receiver;
    this.#influx = influx;
  }

  /** Listens for statsd on a free UDP port of the loopback. */
  static async open(options: AgentOptions): Promise<Agent> {
    const { now, stamp, onLines, influx } = options;
    const store = new MetricStore({ stamp });
    let lines = 0;
    const receiver = await StatsdReceiver.open({
      sample: (sample) => store.record(sample, now()),
      malformed: () => store.reject(),
      lines: (count) => {
        lines += count;
        onLines(lines);
      },
    });
    const writer = influx && new InfluxWriter(influx.plan, await Spool.open({ dir: influx.spoolDir }));
    return new Agent(options, store, receiver, writer);
  }

  /** Where statsd is taken, `host:port`. */
  get address(): string {
    return `${this.#receiver.host}:${this.#receiver.port}`;
  }

  /** Adds a sample of the sidecar's own, that did not come over the wire. */
  record(sample: StatsdSample): void {
    this.#ownSamples += 1;
    this.store.record(sample, this.#options.now());
  }

  /** How many samples `record` added. */
  get ownSamples(): number {
    return this.#ownSamples;
  }

  get counts(): StoreCounts {
    return this.store.counts;
  }

  kernelDrops(): Promise<number> {
    return this.#receiver.kernelDrops();
  }

  /** Closes the current window, hands its points to the database, and gives it. */
  flush(): readonly Series[] {
    const window = this.store.flush();
    const atMs = Math.round(this.#options.now());
    if (this.#influx) this.#influx.add(window.flatMap((series) => pointsOf(series, this.#options.tags, atMs)));
    return window;
  }

  /** Waits until the database has everything, or for 30 s; what it did not take is in the spool then. */
  async drain(): Promise<void> {
    await this.#influx?.drain(INFLUX_DRAIN_MS);
  }

  get points(): PointAccounting | undefined {
    return this.#influx?.accounting;
  }

  /** Why the database did not take points, if it ever did not. */
  get influxError(): string | undefined {
    return this.#influx?.lastError;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#influx?.[Symbol.asyncDispose]();
    await this.#receiver[Symbol.asyncDispose]();
  }
}
