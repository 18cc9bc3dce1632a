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
  #recorded = 0;
  #ownSamples = 0;
  #flushedAtMs = 0;

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
    this.#recorded += 1;
    this.store.record(sample, this.#options.now());
  }

  /** How many of the `counts` are samples that `record` added. */
  get ownSamples(): number {
    return this.#ownSamples;
  }

  /** What became of the samples up to the last flush. */
  get counts(): StoreCounts {
    return this.store.counts;
  }

  kernelDrops(): Promise<number> {
    return this.#receiver.kernelDrops();
  }

  /** Closes the current window, hands its points to the database, and gives it. */
  flush(): readonly Series[] {
    const window = this.store.flush();
    this.#ownSamples = this.#recorded;
    // Two points of a series at one instant are one point: the second would replace the first.
    this.#flushedAtMs = Math.max(this.#flushedAtMs + 1, Math.round(this.#options.now()));
    this.#influx?.add(window.flatMap((series) => pointsOf(series, this.#options.tags, this.#flushedAtMs)));
    return window;
  }

  /** Takes what has arrived and nothing after it, and flushes. */
  async finish(): Promise<void> {
    // A foreign program has nobody who waits until its last samples have arrived: they may still lie in the kernel.
    await this.#receiver.readOut();
    await this.#receiver[Symbol.asyncDispose]();
    this.flush();
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
