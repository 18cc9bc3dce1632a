import { Recorder } from '../recording/recorder.ts';
import { type Arrived, written } from '../recording/samples.test.fixture.ts';
import { ConnectionScope } from './connection-scope.ts';
import type { Traffic } from './traffic.ts';

/** The traffic of a worker that runs the scenario `visit`, and what it records. */
export class TestTraffic implements Traffic, AsyncDisposable {
  readonly #stop = new AbortController();
  readonly recorder: Recorder = new Recorder(() => ({ phase: 'steady', fault: '' }));
  readonly signal: AbortSignal = this.#stop.signal;
  readonly scope: ConnectionScope = new ConnectionScope(this.signal);
  readonly dial: Traffic['dial'];
  readonly target: string | undefined;

  constructor(change: Partial<Pick<Traffic, 'dial' | 'target'>> = {}) {
    this.dial = change.dial ?? new Map();
    this.target = change.target;
  }

  readonly scenario = (): string => 'visit';

  readonly group = (): string => '';

  /** The hard stop of the run. */
  cut(): void {
    this.#stop.abort();
  }

  /** What was recorded since the last time: of a counter its sums, of others values with their weights; data sizes left out. */
  recorded(): Readonly<Record<string, number>> {
    const totals: Record<string, number> = {};
    for (const { name, value, weight, type } of this.arrived()) {
      if (name.startsWith('data_')) continue;
      totals[name] = (totals[name] ?? 0) + (type === 'ms' ? weight : value * weight);
    }
    return totals;
  }

  arrived(): readonly Arrived[] {
    return written((sink) => this.recorder.flush(sink)).arrived;
  }

  /** The failures that were counted, with their messages. */
  failures(): readonly string[] {
    return this.recorder.errors.all.map(({ failure, message, count }) => `${count} ${failure}: ${message}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.scope.close();
  }
}
