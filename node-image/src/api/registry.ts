import { LoadsError, type Pause, parseDuration } from '@loads/core';
import { unknownOption } from '../options/unknown-option.ts';
import type {
  ProcessSetupFunction,
  ProcessTeardownFunction,
  ScenarioFunction,
  ScenarioOptions,
  ScenarioPicker,
  SessionFactory,
  SessionFunction,
  SetupFunction,
  TeardownFunction,
  WorkerSetupFunction,
  WorkerTeardownFunction,
} from './context.ts';
import { EVENT_NAMES, EventHub, type EventName, type EventPayloads, type LoadEvent } from './events.ts';

export type RegisteredScenario = {
  readonly name: string;
  readonly weight: number;
  readonly run: ScenarioFunction;
  /** After each of its iterations. */
  readonly delay?: Pause | undefined;
};

/** The functions of a file that run around its iterations; each may be declared once. */
export type Fixtures = {
  readonly setup?: SetupFunction | undefined;
  readonly teardown?: TeardownFunction | undefined;
  readonly setupProcess?: ProcessSetupFunction | undefined;
  readonly teardownProcess?: ProcessTeardownFunction | undefined;
  readonly setupWorker?: WorkerSetupFunction | undefined;
  readonly teardownWorker?: WorkerTeardownFunction | undefined;
  readonly setupSession?: SessionFunction | undefined;
  readonly teardownSession?: SessionFunction | undefined;
  readonly scenarioPicker?: ScenarioPicker | undefined;
};

/** What a scenario file and its extensions have registered while they were loaded. */
export type ScenarioFile = Fixtures & {
  readonly scenarios: readonly RegisteredScenario[];
  readonly events: EventHub;
  /** What makes sessions, by their kind. */
  readonly sessionFactories?: ReadonlyMap<string, SessionFactory> | undefined;
  /** What the file exports as `options`: keys of the configuration. */
  readonly options?: unknown;
};

const SCENARIO_OPTIONS: readonly string[] = Object.keys({
  weight: true,
  delay: true,
} satisfies Record<keyof ScenarioOptions, true>);

/** Collects what a scenario file registers. There is one for a process, as there is one scenario file. */
export class Registry {
  readonly #scenarios: RegisteredScenario[] = [];
  readonly #fixtures: { -readonly [Name in keyof Fixtures]: Fixtures[Name] } = {};
  readonly #sessionFactories = new Map<string, SessionFactory>();
  readonly events: EventHub = new EventHub();
  /** Hears of every scenario when it is declared. */
  onScenario: (scenario: RegisteredScenario) => void = () => undefined;

  addScenario(name: string, options: ScenarioOptions, run: ScenarioFunction): void {
    const unknown = Object.keys(options).find((one) => !SCENARIO_OPTIONS.includes(one));
    if (unknown !== undefined) throw refused(unknownOption(`scenario '${name}'`, unknown, SCENARIO_OPTIONS).message);
    const { weight = 1, delay } = options;
    if (this.#scenarios.some((scenario) => scenario.name === name))
      throw refused(`scenario '${name}' is declared twice`);
    if (!Number.isFinite(weight) || weight < 0) {
      throw refused(`scenario '${name}' has weight ${weight}`, 'a weight is a number of 0 or more');
    }
    if (typeof run !== 'function') throw refused(`scenario '${name}' has no function`);
    const declared = { name, weight, run, delay: delay === undefined ? undefined : pauseOf(name, delay) };
    this.#scenarios.push(declared);
    this.onScenario(declared);
  }

  addFixture<Name extends keyof Fixtures>(name: Name, run: NonNullable<Fixtures[Name]>): void {
    if (this.#fixtures[name]) throw refused(`\`${name}\` is declared twice`);
    if (typeof run !== 'function') throw refused(`\`${name}\` has no function`);
    this.#fixtures[name] = run;
  }

  addSessionFactory(kind: string, make: SessionFactory): void {
    if (this.#sessionFactories.has(kind)) throw refused(`sessionFactory '${kind}' is declared twice`);
    if (typeof make !== 'function') throw refused(`sessionFactory '${kind}' has no function`);
    this.#sessionFactories.set(kind, make);
  }

  /** Whether no scenario was registered yet. */
  get isEmpty(): boolean {
    return this.#scenarios.length === 0;
  }

  /** What was registered. Throws ERR_SCENARIO_LOAD when there is nothing that could run. */
  finish(options?: unknown): ScenarioFile {
    if (this.#scenarios.length === 0) {
      throw refused('it declares no scenario', "declare one: scenario('name', async ({ http }) => { ... })");
    }
    if (this.#scenarios.every(({ weight }) => weight === 0)) {
      throw refused('the weights of all scenarios are 0', 'give at least one of them a weight over 0');
    }
    return {
      scenarios: this.#scenarios,
      ...this.#fixtures,
      events: this.events,
      sessionFactories: this.#sessionFactories,
      options,
    };
  }
}

/** The registry that the scenario file of this process writes into. */
export const registry: Registry = new Registry();

/** Declares a scenario: `scenario('read', { weight: 90 }, async ({ http, check }) => { ... })`. */
export function scenario(name: string, run: ScenarioFunction): void;
export function scenario(name: string, options: ScenarioOptions, run: ScenarioFunction): void;
export function scenario(name: string, second: ScenarioOptions | ScenarioFunction, third?: ScenarioFunction): void {
  if (typeof second === 'function') registry.addScenario(name, {}, second);
  // A JavaScript file may give anything here; `addScenario` says what is wrong with it.
  else registry.addScenario(name, (second as ScenarioOptions | undefined) ?? {}, third as ScenarioFunction);
}

/** Declares what runs once before the run, on the first node. Its result (JSON) is `data` in every iteration of all nodes. */
export function setup(run: SetupFunction): void {
  registry.addFixture('setup', run);
}

/** Declares what runs once after the run, on the first node, also when the run failed or was stopped. */
export function teardown(run: TeardownFunction): void {
  registry.addFixture('teardown', run);
}

/** Declares what runs once in every process, after `setup` and before the start. Its result is `shared` there. */
export function setupProcess(run: ProcessSetupFunction): void {
  registry.addFixture('setupProcess', run);
}

/** Declares what runs once in every process, when its workers have ended. */
export function teardownProcess(run: ProcessTeardownFunction): void {
  registry.addFixture('teardownProcess', run);
}

/** Declares what runs in every worker before its first iteration; it may give options of the worker's HTTP client. */
export function setupWorker(run: WorkerSetupFunction): void {
  registry.addFixture('setupWorker', run);
}

/** Declares what runs in every worker after its last iteration and its session's teardown. */
export function teardownWorker(run: WorkerTeardownFunction): void {
  registry.addFixture('teardownWorker', run);
}

/** Declares what runs with every new session (a worker's HTTP client), before its first iteration: such as a login. */
export function setupSession(run: SessionFunction): void {
  registry.addFixture('setupSession', run);
}

/** Declares what runs with every session before it is closed. */
export function teardownSession(run: SessionFunction): void {
  registry.addFixture('teardownSession', run);
}

/**
 * Declares what makes sessions of a kind, one for each worker that asks for it: `sessionFactory('queue', () => connectQueue())`,
 * and in a scenario `const queue = await session<Queue>('queue')`.
 */
export function sessionFactory(kind: string, make: SessionFactory): void {
  registry.addSessionFactory(kind, make);
}

/** Declares who picks the scenario of every iteration by its name, instead of the weights. */
export function scenarioPicker(pick: ScenarioPicker): void {
  registry.addFixture('scenarioPicker', pick);
}

/** Listens to one kind of event, or to all: `events('scenario_failure', ({ exception }) => { ... })`. */
export function events(listener: (event: LoadEvent) => unknown): void;
export function events<Name extends EventName>(name: Name, listener: (payload: EventPayloads[Name]) => unknown): void;
export function events(
  first: EventName | ((event: LoadEvent) => unknown),
  listener?: (payload: never) => unknown,
): void {
  if (typeof first === 'function') registry.events.addToAll(first);
  else if (!EVENT_NAMES.includes(first))
    throw refused(`there is no event '${first}'`, `there are ${EVENT_NAMES.join(', ')}`);
  else if (typeof listener === 'function') registry.events.add(first, listener as (payload: unknown) => unknown);
  else throw refused(`\`events('${first}')\` has no function`);
}

function pauseOf(scenario: string, delay: number | string): Pause {
  const bounds = typeof delay === 'number' ? [delay] : delay.split('-').map(parseDuration);
  const [minMs, maxMs = minMs] = bounds;
  if (minMs !== undefined && maxMs !== undefined && minMs >= 0 && minMs <= maxMs && bounds.length <= 2) {
    return { minMs, maxMs };
  }
  throw refused(
    `scenario '${scenario}' has delay ${delay}`,
    'a delay is a number of ms, or a text such as 1s or 1s-3s',
  );
}

function refused(message: string, hint?: string): LoadsError {
  return new LoadsError('ERR_SCENARIO_LOAD', message, { hint });
}
