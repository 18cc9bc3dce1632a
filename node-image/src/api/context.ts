import type { Protocols } from '../connection/protocols.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { SessionOptions } from '../http/session-options.ts';
import type { Stats } from '../stats/stats.ts';

/**
 * What every function of a scenario file works with. What is opened with `ws`, `grpc` and `tcp` and left open is closed at the
 * end of the iteration; of the worker, where one of its fixtures has opened it; or of the fixture.
 */
export type RunContext = Protocols & {
  /** Counts whether a condition held, under a name, and gives the condition back. A check that fails fails nothing else. */
  readonly check: (condition: boolean, name: string) => boolean;
  /** The file's own metrics. */
  readonly stats: Stats;
  /** Waits, ms; ends early (and throws) when the run is cut. */
  readonly sleep: (ms: number) => Promise<void>;
  /** What `setup` returned, the same on every node. */
  readonly data: unknown;
  /** Aborts when the run is cut: pass it to whatever waits by itself. */
  readonly signal: AbortSignal;
  /** Number of the node, from 1. */
  readonly node: number;
  /** The run's variables (`-e KEY=VALUE`, `env:`). */
  readonly env: Readonly<Record<string, string>>;
};

/** What a worker's own fixtures work with. */
export type WorkerContext = RunContext & {
  /** The worker's own variables, from its setup to its teardown. */
  readonly vars: Record<string, unknown>;
  /** What `setupProcess` returned, or an object: the same for all workers of a process. */
  readonly shared: unknown;
  /** Number of the worker, from 0, unique over all nodes. */
  readonly worker: number;
};

/** What the fixtures of a worker's session work with. */
export type SessionContext = WorkerContext & {
  /** The worker's HTTP session; relative URLs start at the run's target. */
  readonly http: HttpClient;
  /** The worker's own session of a kind that `sessionFactory` has declared; it is made when it is first asked for. */
  readonly session: <Session = unknown>(kind: string) => Promise<Session>;
};

/** What an iteration works with. One worker runs one iteration at a time, and keeps `http` and `vars` between them. */
export type ScenarioContext = SessionContext & {
  /** Runs a part of the iteration, and measures how long it takes under a name (`group_duration`). Steps may be nested. */
  readonly step: <Result>(name: string, run: () => Result | Promise<Result>) => Promise<Result>;
  /** Number of the worker's iteration, from 0. */
  readonly iteration: number;
};

/** What a setup or teardown of the run or of a process works with; its HTTP client is closed afterwards. */
export type SetupContext = RunContext & {
  readonly http: HttpClient;
  readonly vars: Record<string, unknown>;
};
/** What a teardown of a process works with: what its setup returned, too. */
export type ProcessTeardownContext = SetupContext & { readonly shared: unknown };

export type ScenarioFunction = (context: ScenarioContext) => unknown;
/** Runs once before the run, on the first node; what it returns (JSON) reaches every iteration of every node as `data`. */
export type SetupFunction = (context: SetupContext) => unknown;
/** Runs once after the run, on the first node. */
export type TeardownFunction = (context: SetupContext) => unknown;
/** Runs once in a process; what it returns, of any kind, is `shared` there. */
export type ProcessSetupFunction = (context: SetupContext) => unknown;
export type ProcessTeardownFunction = (context: ProcessTeardownContext) => unknown;
/** Runs before a worker's first iteration; it may give options of the worker's HTTP session. */
export type WorkerSetupFunction = (
  context: WorkerContext,
  // biome-ignore lint/suspicious/noConfusingVoidType: it is a function that gives options, or one that gives nothing
) => SessionOptions | void | Promise<SessionOptions | void>;
export type WorkerTeardownFunction = (context: WorkerContext) => unknown;
/** Runs when the worker's HTTP client is there, such as to log in, or before it is closed. */
export type SessionFunction = (context: SessionContext) => unknown;
/** Makes a session of a kind for a worker, such as a client of another protocol. It is closed after the worker's `teardownSession`. */
export type SessionFactory = (context: WorkerContext) => unknown;
/** Names the scenario of a worker's next iteration, instead of the weights. */
export type ScenarioPicker = (worker: number, iteration: number) => string;

export type ScenarioOptions = {
  /** The scenario's share of the iterations, relative to the others'; 0 leaves it out. Default: 1. */
  readonly weight?: number;
  /** A pause after each iteration: ms, or a text such as `1s`, or `1s-3s` for one that is drawn anew each time. */
  readonly delay?: number | string;
};
