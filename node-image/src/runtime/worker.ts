import { setTimeout as wait } from 'node:timers/promises';
import { type Active, active } from '../api/active.ts';
import type { ScenarioContext, WorkerContext } from '../api/context.ts';
import type { EventName, EventPayloads } from '../api/events.ts';
import { FeedEmptyError } from '../api/feed.ts';
import type { RegisteredScenario } from '../api/registry.ts';
import { connectionErrorOf } from '../connection/connection-error.ts';
import { ConnectionScope } from '../connection/connection-scope.ts';
import { type Protocols, protocolsOf } from '../connection/protocols.ts';
import { requestErrorOf } from '../functional/measured-fetch.ts';
import { createHttpClient } from '../http/create-http-client.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { RequestSample } from '../http/request-sample.ts';
import { overlaid, type SessionOptions } from '../http/session-options.ts';
import type { Crew } from './crew.ts';
import { heardClient } from './heard-client.ts';
import { groupNow, runStep } from './steps.ts';

/** A context apart from the number of its iteration. */
type Standing = Omit<ScenarioContext, 'iteration'>;

/** One worker: its fixtures, and one iteration at a time with its own connections and variables. */
export class Worker {
  readonly #id: number;
  readonly #crew: Crew;
  readonly #active: Active;
  readonly #own: WorkerContext;
  /** Whether anybody listens to iterations. */
  readonly #heard: boolean;
  /** What the worker's fixtures have opened, and what the iteration has. */
  readonly #scope: ConnectionScope;
  readonly #iterationScope: ConnectionScope;
  #client: HttpClient | undefined;
  #standing: Standing | undefined;
  /** The same for iterations, whose connections are their own. */
  #iterating: Standing | undefined;
  /** That of the iteration. */
  #context: ScenarioContext | undefined;
  #scenario = '';
  /** HTTP sessions that the iteration has opened. */
  #sessions: HttpClient[] = [];
  #running = false;
  /** The last request of the iteration, to be shown with its error. */
  #last: RequestSample | undefined;
  #cutIterations = 0;
  #finished: Promise<void> | undefined;

  constructor(id: number, crew: Crew) {
    this.#id = id;
    this.#crew = crew;
    this.#scope = new ConnectionScope(crew.cut);
    this.#iterationScope = new ConnectionScope(crew.cut);
    this.#own = this.#ownContext();
    this.#active = {
      check: this.#own.check,
      stats: this.#own.stats,
      http: () => this.#standing?.http,
      context: () => this.#context ?? this.#standing ?? this.#own,
    };
    const { events } = crew.file;
    this.#heard = ['scenario_start', 'scenario_success', 'scenario_failure'].some((one) =>
      events.hears(one as EventName),
    );
  }

  /** The number of the worker, from 0, unique over all nodes. */
  get id(): number {
    return this.#id;
  }

  /** Whether an iteration is in flight. */
  get running(): boolean {
    return this.#running;
  }

  /** How many iterations were cut. */
  get cutIterations(): number {
    return this.#cutIterations;
  }

  /** Runs what is done on the worker's behalf, so that `check` without a context knows whose it is. */
  enter<Result>(run: () => Result): Result {
    return active.run(this.#active, run);
  }

  /** Runs the fixtures that come before the first iteration. False when one threw: the run ends then. */
  async begin(): Promise<boolean> {
    const { setupWorker, setupSession } = this.#crew.file;
    try {
      this.#scenario = 'setupWorker';
      const options = setupWorker ? ((await setupWorker(this.#own)) ?? undefined) : undefined;
      const http = this.#open(options);
      this.#standing = { ...this.#own, http, step: (name, run) => this.#step(name, run) };
      this.#iterating = { ...this.#standing, ...this.#protocols(this.#iterationScope) };
      this.#scenario = 'setupSession';
      if (setupSession) await setupSession(this.#standing);
      // Those of fixtures stay open as long as the worker's own.
      this.#sessions = [];
      return true;
    } catch (error) {
      if (this.#crew.cut.aborted) return false;
      const message = error instanceof Error ? error.message : String(error);
      this.#crew.recorder.errors.add(this.#scenario, 'setup', error, this.#last);
      this.#crew.end({ setupFailed: `${this.#scenario} failed: ${message}` });
      return false;
    }
  }

  /** Runs one iteration. False when it was cut, or there was nothing for it to run with. */
  async iterate(scenario: RegisteredScenario, iteration: number): Promise<boolean> {
    const { recorder, cut } = this.#crew;
    this.#scenario = scenario.name;
    this.#running = true;
    if (this.#heard) await this.#tell('scenario_start', { scenario, worker: this.#id, iteration });
    const fromMs = performance.now();
    try {
      // `begin` has made it.
      const context = { ...(this.#iterating as Standing), iteration };
      this.#context = context;
      await scenario.run(context);
      recorder.iteration(scenario.name, fromMs, performance.now(), false);
      if (this.#heard) await this.#tell('scenario_success', { scenario, worker: this.#id, iteration });
      return true;
    } catch (error) {
      return await this.#ended(scenario, iteration, fromMs, error, cut.aborted);
    } finally {
      if (this.#iterationScope.size > 0) await this.#iterationScope.close();
      if (this.#sessions.length > 0) await this.#closeSessions();
      this.#running = false;
      this.#context = undefined;
      this.#last = undefined;
    }
  }

  /** Those that the iteration has left open: it is over for them, too. */
  async #closeSessions(): Promise<void> {
    const sessions = this.#sessions;
    this.#sessions = [];
    await Promise.all(sessions.map((session) => session.close()));
  }

  /** Counts an iteration that failed before its scenario was known. */
  failed(scenario: string, error: unknown): void {
    const now = performance.now();
    this.#crew.recorder.iteration(scenario, now, now, true, 'assertion');
    this.#crew.recorder.errors.add(scenario, 'assertion', error);
    if (this.#crew.brief.plan.stopOnFailure) this.#crew.end('failure');
  }

  /** Runs the fixtures that come after the last iteration, once, and closes the connections. */
  finish(): Promise<void> {
    this.#finished ??= this.enter(() => this.#finish());
    return this.#finished;
  }

  async #finish(): Promise<void> {
    const { teardownSession, teardownWorker } = this.#crew.file;
    if (this.#standing && teardownSession) await this.#tear('teardownSession', teardownSession, this.#standing);
    // A client that was cut has no connection that could end well.
    if (!this.#crew.cut.aborted) await this.#client?.close();
    if (teardownWorker) await this.#tear('teardownWorker', teardownWorker, this.#own);
    await Promise.all([this.#scope.close(), this.#iterationScope.close()]);
  }

  /** A teardown that throws is told, and the next one runs all the same. */
  async #tear<Context>(name: string, run: (context: Context) => unknown, context: Context): Promise<void> {
    this.#scenario = name;
    try {
      await run(context);
    } catch (error) {
      this.#crew.recorder.errors.add(name, 'assertion', error);
    }
  }

  async #ended(
    scenario: RegisteredScenario,
    iteration: number,
    fromMs: number,
    error: unknown,
    cut: boolean,
  ): Promise<boolean> {
    if (cut) {
      this.#cutIterations += 1;
      return false;
    }
    const { recorder, brief, end } = this.#crew;
    if (error instanceof FeedEmptyError && error.stops) {
      end('empty');
      return false;
    }
    // The failure of a request or a connection has been counted with it.
    const known = requestErrorOf(error) ?? connectionErrorOf(error);
    recorder.iteration(scenario.name, fromMs, performance.now(), true, known ? undefined : 'assertion');
    recorder.errors.add(scenario.name, known?.failure ?? 'assertion', known ?? error, this.#last);
    if (this.#heard) await this.#tell('scenario_failure', { scenario, worker: this.#id, iteration, exception: error });
    if (brief.plan.stopOnFailure) end('failure');
    return true;
  }

  #open(options: SessionOptions | undefined): HttpClient {
    const { brief, dial, cut, recorder, dump, file } = this.#crew;
    const http = createHttpClient({
      ...overlaid({ baseUrl: brief.plan.target }, options ?? {}),
      dial,
      signal: cut,
      group: groupNow,
      onSession: (session) => this.#sessions.push(session),
      onRequest: (sample, body) => {
        recorder.request(this.#scenario, sample, body);
        this.#last = sample;
        dump?.(this.#scenario, sample, body);
      },
    });
    this.#client = http;
    const heard = file.events.hears('sending_request') || file.events.hears('response_received');
    if (!heard) return http;
    return heardClient(http, (name, payload) =>
      this.#tell(name, { ...payload, worker: this.#id } as EventPayloads[typeof name]),
    );
  }

  async #tell<Name extends EventName>(name: Name, payload: EventPayloads[Name]): Promise<void> {
    const { file, recorder } = this.#crew;
    await file.events.tell(name, payload, (error) => recorder.errors.add('(event listener)', 'listener', error));
  }

  #step<Result>(name: string, run: () => Result | Promise<Result>): Promise<Result> {
    const { measures, cut } = this.#crew;
    return runStep(name, run, {
      groupName: (path) => measures.groupName(path),
      ended: (group, fromMs, toMs) => {
        if (!cut.aborted) measures.step(this.#scenario, group, fromMs, toMs);
      },
    });
  }

  #protocols(scope: ConnectionScope): Protocols {
    const { brief, dial, cut, recorder } = this.#crew;
    const place = { scenario: () => this.#scenario, group: groupNow };
    return protocolsOf({ ...place, scope, recorder, dial, target: brief.plan.target, signal: cut });
  }

  #ownContext(): WorkerContext {
    const { brief, recorder, checkNames, data, shared, cut } = this.#crew;
    return {
      check: (condition, name) => {
        recorder.check(this.#scenario, checkNames.capped(name), condition, performance.now(), groupNow());
        return condition;
      },
      sleep: async (ms) => {
        await wait(ms, undefined, { signal: cut });
      },
      ...this.#protocols(this.#scope),
      stats: recorder.custom.for(() => this.#scenario),
      vars: {},
      data,
      shared,
      signal: cut,
      worker: this.#id,
      node: brief.node,
      env: brief.plan.env,
    };
  }
}
