import type { HttpClient } from '../http/http-client.ts';

/** What an iteration works with. One worker runs one iteration at a time, and keeps `http` and `vars` between them. */
export type ScenarioContext = {
  /** The worker's HTTP client; relative URLs start at the run's target. */
  readonly http: HttpClient;
  /** Counts whether a condition held, under a name, and gives the condition back. A check that fails fails nothing else. */
  readonly check: (condition: boolean, name: string) => boolean;
  /** Waits, ms; ends early (and throws) when the run is cut. */
  readonly sleep: (ms: number) => Promise<void>;
  /** The worker's own variables, from its first iteration to its last. */
  readonly vars: Record<string, unknown>;
  /** What `setup` returned, the same on every node. */
  readonly data: unknown;
  /** Aborts when the run is cut: pass it to whatever waits by itself. */
  readonly signal: AbortSignal;
  /** Number of the worker, from 0, unique over all nodes. */
  readonly worker: number;
  /** Number of the worker's iteration, from 0. */
  readonly iteration: number;
  /** Number of the node, from 1. */
  readonly node: number;
  /** The run's variables (`-e KEY=VALUE`, `env:`). */
  readonly env: Readonly<Record<string, string>>;
};

/** What a setup or teardown works with. */
export type SetupContext = Omit<ScenarioContext, 'worker' | 'iteration'>;

export type ScenarioFunction = (context: ScenarioContext) => unknown;
/** Runs once before the run, on the first node; what it returns (JSON) reaches every iteration of every node as `data`. */
export type SetupFunction = (context: SetupContext) => unknown;
/** Runs once after the run, on the first node. */
export type TeardownFunction = (context: SetupContext) => unknown;

export type ScenarioOptions = {
  /** The scenario's share of the iterations, relative to the others'; 0 leaves it out. Default: 1. */
  readonly weight?: number;
};
