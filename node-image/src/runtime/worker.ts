import { type Active, active } from '../api/active.ts';
import type { ScenarioContext, SessionContext, WorkerContext } from '../api/context.ts';
import type { EventName, EventPayloads } from '../api/events.ts';
import { FeedEmptyError } from '../api/feed.ts';
import type { RegisteredScenario } from '../api/registry.ts';
import { connectionErrorOf } from '../connection/connection-error.ts';
import { ConnectionScope } from '../connection/connection-scope.ts';
import { requestErrorOf } from '../functional/measured-fetch.ts';
import { createHttpClient } from '../http/create-http-client.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { RequestSample } from '../http/request-sample.ts';
import { overlaid, type SessionOptions } from '../http/session-options.ts';
import type { Crew } from './crew.ts';
import { heardClient } from './heard-client.ts';
import { teardownFailed } from './outside-failures.ts';
import { groupNow, runStep } from './steps.ts';
import { workerContext } from './worker-context.ts';
import { WorkerSessions } from './worker-sessions.ts';

/** One worker: its fixtures, and one iteration at a time with its own connections and variables. */
export class Worker {
  readonly #id: number;
  readonly #crew: Crew;
  readonly #active: Active & Pick<WorkerContext, 'stats'>;
  /** Whether anybody listens to iterations. */
  readonly #heard: boolean;
  readonly #iterationScope: ConnectionScope;
  readonly #vars = {};
  readonly #scenarioNow = (): string => this.#scenario;
  /** What the worker's fixtures work with, where there are any: idle workers are many. */
  #own: WorkerContext | undefined;
  #ownScope: ConnectionScope | undefined;
  #client: HttpClient | undefined;
  /** The client as scenarios have it. */
  #http: HttpClient | undefined;
  /** What each iteration gets a copy of. */
  #template: ScenarioContext | undefined;
  /** What the iteration works with. */
  #context: ScenarioContext | undefined;
  #scenario = '';
  /** Those of the file's own kinds, where it asked for one. */
  #ownSessions: WorkerSessions | undefined;
  readonly #session = (kind: string): Promise<never> => this.#sessionOf(kind) as Promise<never>;
  /** HTTP sessions that the iteration has opened. */
  #sessions: HttpClient[] | undefined;
  #running = false;
  /** The last request of the iteration, to be shown with its error. */
  #last: RequestSample | undefined;
  #cutIterations = 0;
  #finished: Promise<void> | undefined;

  constructor(id: number, crew: Crew) {
    this.#id = id;
    this.#crew = crew;
    this.#iterationScope = new ConnectionScope(crew.cut);
    const { events } = crew.file;
    this.#active = {
      check: (condition, name) => this.#check(condition, name),
      stats: crew.recorder.custom.for(this.#scenarioNow),
      http: () => this.#http,
      context: () => this.#context ?? (this.#http ? this.#sessionContext(this.#http) : this.#ownContext()),
    };
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
      const options = setupWorker ? ((await setupWorker(this.#ownContext())) ?? undefined) : undefined;
      const http = this.#open(options);
      this.#http = http;
      const context = this.#contextOf(this.#iterationScope);
      const session = this.#session;
      this.#template = { ...context, http, session, step: (name, run) => this.#step(name, run), iteration: 0 };
      this.#scenario = 'setupSession';
      if (setupSession) await setupSession(this.#sessionContext(http));
      // Those of fixtures stay open as long as the worker's own.
      this.#sessions = undefined;
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
      const context = { ...(this.#template as ScenarioContext), iteration };
      this.#context = context;
      await scenario.run(context);
      recorder.iteration(scenario.name, fromMs, performance.now(), false);
      if (this.#heard) await this.#tell('scenario_success', { scenario, worker: this.#id, iteration });
      return true;
    } catch (error) {
      return await this.#ended(scenario, iteration, fromMs, error, cut.aborted);
    } finally {
      if (this.#iterationScope.size > 0) await this.#iterationScope.close();
      if (this.#sessions !== undefined) await this.#closeSessions(this.#sessions);
      this.#running = false;
      this.#context = undefined;
      this.#last = undefined;
    }
  }

  /** Those that the iteration has left open: it is over for them, too. */
  async #closeSessions(sessions: readonly HttpClient[]): Promise<void> {
    this.#sessions = undefined;
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
    if (this.#http && teardownSession)
      await this.#tear('teardownSession', teardownSession, this.#sessionContext(this.#http));
    await this.#ownSessions?.close((error) => teardownFailed(this.#crew.recorder, 'sessionFactory', error));
    // A client that was cut has no connection that could end well.
    if (!this.#crew.cut.aborted) await this.#client?.close();
    if (teardownWorker) await this.#tear('teardownWorker', teardownWorker, this.#ownContext());
    await Promise.all([this.#ownScope?.close(), this.#iterationScope.close()]);
  }

  /** A teardown that throws is told, and the next one runs all the same. */
  async #tear<Context>(name: string, run: (context: Context) => unknown, context: Context): Promise<void> {
    this.#scenario = name;
    try {
      await run(context);
    } catch (error) {
      teardownFailed(this.#crew.recorder, name, error);
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
      ...(options ? overlaid({ baseUrl: brief.plan.target }, options) : { baseUrl: brief.plan.target }),
      dial,
      signal: cut,
      group: groupNow,
      onSession: (session) => {
        this.#sessions ??= [];
        this.#sessions.push(session);
      },
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

  #check(condition: boolean, name: string): boolean {
    const { recorder, checkNames } = this.#crew;
    recorder.check(this.#scenario, checkNames.capped(name), condition, performance.now(), groupNow());
    return condition;
  }

  #sessionOf(kind: string): Promise<unknown> {
    const { sessionFactories = new Map() } = this.#crew.file;
    this.#ownSessions ??= new WorkerSessions(sessionFactories, () => this.#ownContext());
    return this.#ownSessions.get(kind);
  }

  /** What all fixtures of the worker get: its variables, and connections that stay open as long as it lives. */
  #ownContext(): WorkerContext {
    this.#ownScope ??= new ConnectionScope(this.#crew.cut);
    this.#own ??= this.#contextOf(this.#ownScope);
    return this.#own;
  }

  #sessionContext(http: HttpClient): SessionContext {
    return { ...this.#ownContext(), http, session: this.#session };
  }

  #contextOf(scope: ConnectionScope): WorkerContext {
    const { check, stats } = this.#active;
    return workerContext(
      this.#crew,
      { check, stats, vars: this.#vars, worker: this.#id, scenario: this.#scenarioNow },
      scope,
    );
  }
}
