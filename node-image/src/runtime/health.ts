import { SampleWindow } from '@loads/core';
import type { LineSink } from '../recording/line-sink.ts';

const TICK_MS = 20;

/** Watches the process itself: how late its event loop is, and how much CPU and memory it takes. */
export class Health implements Disposable {
  readonly #lag = new SampleWindow();
  readonly #timer: NodeJS.Timeout;
  #cpu = process.cpuUsage();
  #atMs = performance.now();

  constructor() {
    let due = performance.now() + TICK_MS;
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#lag.record(Math.max(0, now - due));
      due = now + TICK_MS;
    }, TICK_MS).unref();
  }

  /** Forgets what has been seen so far: loading the scenario is not load. */
  reset(): void {
    this.#lag.drain();
    this.#cpu = process.cpuUsage();
    this.#atMs = performance.now();
  }

  /** Writes `loop_lag` (ms) and `node_cpu` (1 = one core) since the last time, and `node_memory` (bytes) as it is. */
  flush(sink: LineSink): void {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    sink.trend('loop_lag', this.#lag, {});
    if (now > this.#atMs) sink.gauge('node_cpu', (user + system) / 1000 / (now - this.#atMs), {});
    sink.gauge('node_memory', process.memoryUsage.rss(), {});
    this.#cpu = process.cpuUsage();
    this.#atMs = now;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
