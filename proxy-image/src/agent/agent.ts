import {
  type DataPoint,
  formatPoint,
  type InfluxPlan,
  metricPoints,
  type PhaseStamp,
  type PointAccounting,
  type Series,
  type StatsdSample,
  type Tags,
} from '@loads/core';
import { InfluxWriter } from '../influx/influx-writer.ts';
import { Spool } from '../influx/spool.ts';
import { MetricStore, type StoreCounts } from './metric-store.ts';
import { OwnUsage } from './own-usage.ts';
import { RunAxis } from './run-axis.ts';
import { StatsdReceiver } from './statsd-receiver.ts';

/** How long the end of a run waits for a database that has taken points before, and for one that never did. */
const DRAIN_MS = 30_000;
const HOPELESS_DRAIN_MS = 5000;

export type AgentOptions = {
  /** Epoch ms. */
  readonly now: () => number;
  /** What a sample that names no phase is stamped with. */
  readonly stamp: (atMs: number) => PhaseStamp;
  /** Told after every datagram how many lines have arrived so far, good or not. */
  readonly onLines: (lines: number) => void;
  /** ms from the start of the run to an instant (epoch ms); undefined while it has not started. */
  readonly elapsed?: ((atMs: number) => number | undefined) | undefined;
  /** Tags of every point, such as run and node. */
  readonly tags: Tags;
  readonly influx?: { readonly plan: InfluxPlan; readonly spoolDir: string } | undefined;
  /** Where to take statsd; without it on a free port. */
  readonly port?: number | undefined;
};

/** The node's statsd agent: takes samples over UDP, keeps their aggregates, and hands points to the database. */
export class Agent implements AsyncDisposable {
  readonly #influx: InfluxWriter | undefined;
  readonly #options: AgentOptions;
  readonly #usage = new OwnUsage();
  readonly #axis: RunAxis;
  readonly store: MetricStore;
  readonly #receivers: StatsdReceiver[];
  #recorded = 0;
  #ownSamples = 0;
  #flushedAtMs = 0;
  #finishing = false;

  private constructor(
    options: AgentOptions,
    store: MetricStore,
    receiver: StatsdReceiver,
    influx: InfluxWriter | undefined,
  ) {
    this.#options = options;
    this.#axis = new RunAxis(options.tags, options.elapsed ?? (() => undefined));
    this.store = store;
    this.#receivers = [receiver];
    this.#influx = influx;
  }

  /** Listens for statsd on the loopback. */
  static async open(options: AgentOptions): Promise<Agent> {
    const { now, stamp, onLines, influx, port } = options;
    const store = new MetricStore({ stamp });
    const receiver = await receiveInto(store, now, onLines, port);
    const writer = influx && new InfluxWriter(influx.plan, await Spool.open({ dir: influx.spoolDir }));
    return new Agent(options, store, receiver, writer);
  }

  /** Where statsd is taken, `host:port`. */
  get address(): string {
    return addressOf(this.#receivers[0]);
  }

  /**
   * Takes statsd on one more free port, with a buffer and a count of lines of its own: several programs that wait for
   * their lines to arrive must not be told of each other's. Gives the address.
   */
  async listen(onLines: (lines: number) => void): Promise<string> {
    const receiver = await receiveInto(this.store, this.#options.now, onLines);
    this.#receivers.push(receiver);
    return addressOf(receiver);
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

  async kernelDrops(): Promise<number> {
    const drops = await Promise.all(this.#receivers.map((receiver) => receiver.kernelDrops()));
    return drops.reduce((sum, one) => sum + one, 0);
  }

  /**
   * Closes the current window, hands its points to the database, and with them further ones and the agent's own figures,
   * and gives it. `emitted` are the samples that the scenario counted, when it has.
   */
  async flush(further: readonly DataPoint[] = [], emitted?: number | undefined): Promise<readonly Series[]> {
    const kernelDrops = this.#influx ? await this.kernelDrops() : 0;
    const window = this.store.flush();
    this.#ownSamples = this.#recorded;
    // Two points of a series at one instant are one point: the second would replace the first.
    this.#flushedAtMs = Math.max(this.#flushedAtMs + 1, Math.round(this.#options.now()));
    const { tags } = this.#options;
    if (this.#influx) {
      const { accounting: points } = this.#influx;
      const own = this.#usage.point({ ...this.counts, kernelDrops, points, emitted }, tags, this.#flushedAtMs);
      const metrics = window.flatMap((series) => metricPoints(series, tags, this.#flushedAtMs));
      const onAxis = this.#axis.stamp(metrics, this.#flushedAtMs);
      const gathered = this.#axis.gather(window, this.#flushedAtMs, this.#finishing);
      this.#influx.add([...onAxis, ...gathered, own, ...further].flatMap((point) => formatPoint(point) ?? []));
    }
    return window;
  }

  /** Takes what has arrived and nothing after it, flushes, and gives the last window. */
  async finish(further: readonly DataPoint[] = [], emitted?: number | undefined): Promise<readonly Series[]> {
    // A foreign program has nobody who waits until its last samples have arrived: they may still lie in the kernel.
    await Promise.all(this.#receivers.map((receiver) => receiver.readOut()));
    await this.#closeReceivers();
    this.#finishing = true;
    return await this.flush(further, emitted === undefined ? undefined : emitted + this.#recorded);
  }

  /**
   * Waits until the database has everything: for 30 s, or for 5 s if it never took anything. What it did not take is in
   * the file `leftOver` then, or, when the disk is full, in the spool.
   */
  async drain(leftOver: string): Promise<void> {
    await this.#influx?.drain(this.#influx.accounting.written > 0 ? DRAIN_MS : HOPELESS_DRAIN_MS);
    await this.#influx?.pack(leftOver);
  }

  /** Gives up points that wait on disk, so that there is room for more important files. False when there are none. */
  async makeRoom(): Promise<boolean> {
    return (await this.#influx?.makeRoom()) ?? false;
  }

  get points(): PointAccounting | undefined {
    return this.#influx?.accounting;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#influx?.[Symbol.asyncDispose]();
    await this.#closeReceivers();
  }

  async #closeReceivers(): Promise<void> {
    await Promise.all(this.#receivers.map((receiver) => receiver[Symbol.asyncDispose]()));
  }
}

/** Opens a socket whose samples go into the store; tells how many lines have arrived there so far. */
async function receiveInto(
  store: MetricStore,
  now: () => number,
  onLines: (lines: number) => void,
  port = 0,
): Promise<StatsdReceiver> {
  let lines = 0;
  return await StatsdReceiver.open({
    port,
    now,
    sample: (sample, atMs) => store.record(sample, atMs),
    malformed: () => store.reject(),
    lines: (count) => {
      lines += count;
      onLines(lines);
    },
  });
}

function addressOf(receiver: StatsdReceiver | undefined): string {
  return receiver ? `${receiver.host}:${receiver.port}` : '';
}
