import { setTimeout as wait } from 'node:timers/promises';
import { deadlineOf, firstWorkers, groupsOf, loadSlot, proxyVariable, slotOf } from '@loads/core';
import { active } from '../api/active.ts';
import type { SetupContext } from '../api/context.ts';
import { type EventName, type EventPayloads, STAGE_EVENTS } from '../api/events.ts';
import { feedSetting } from '../api/feed.ts';
import type { ScenarioFile } from '../api/registry.ts';
import { ConnectionScope } from '../connection/connection-scope.ts';
import { protocolsOf } from '../connection/protocols.ts';
import { installFetch } from '../functional/measured-fetch.ts';
import { createHttpClient } from '../http/create-http-client.ts';
import { type DumpRequest, requestDump } from '../recording/request-dump.ts';
import { scenariosOf, withWeights } from './choose.ts';
import type { Crew, EndReason } from './crew.ts';
import { dialOf } from './dial-of.ts';
import type { GroupRun } from './group-run.ts';
import type { Load, LoadContext, LoadEnd } from './load.ts';
import { loadScenario } from './load-scenario.ts';
import { LONGEST_TIMER_MS } from './longest-timer.ts';
import { NameCap } from './name-cap.ts';
import { teardownFailed, uncaught } from './outside-failures.ts';
import { prepareGroup } from './prepare-group.ts';
import { mustBeJson, mustNotFail } from './setup-value.ts';
import { stageCues } from './stage-cues.ts';
import { StageEvents } from './stage-events.ts';
import { whenAborted } from './when-aborted.ts';
import type { Worker } from './worker.ts';

/** How long iterations get to end by themselves after they have been cut, ms. */
const CUT_MS = 1000;
/** How long the teardowns of workers and of the process may take, ms. */
const TEARDOWN_MS = 10_000;

/** A scenario file as load: this process's part of every group. */
export class ScriptRun implements Load {
  readonly #file: ScenarioFile;
  readonly #context: LoadContext;
  readonly #checkNames = new NameCap();
  readonly #stop = new AbortController();
  readonly #cut = new AbortController();
  #shared: unknown = {};
  readonly #dump: DumpRequest | undefined;
  #setupFailed: string | undefined;
  #rowsUsedUp: boolean | undefined;

  constructor(file: ScenarioFile, context: LoadContext) {
    this.#file = file;
    this.#context = context;
    this.#dump = requestDump(context.brief.plan.dump, (text) => void process.stdout.write(text));
    const { cut, stopped } = context.link;
    stopped.addEventListener('abort', () => this.#stop.abort(), { once: true });
    cut.addEventListener('abort', () => this.#cut.abort(), { once: true });
  }

  /** Loads the file and its extensions. Throws ERR_SCENARIO_LOAD, or ERR_CONFIG for a plan that does not fit it. */
  static async load(path: string, context: LoadContext): Promise<ScriptRun> {
    const { plan, node, process: own, proxies } = context.brief;
    installFetch();
    // For libraries that a scenario brings along, as foreign programs have it.
    for (const [name, address] of Object.entries(proxies)) process.env[proxyVariable(name)] = address;
    const file = withWeights(await loadScenario(path, plan.extensions), plan.weights);
    for (const group of groupsOf(plan)) scenariosOf(file, plan, group);
    const { nodes, processes = 1, seed } = plan;
    feedSetting.place = {
      slot: loadSlot(plan, node, own),
      uniqueSlot: slotOf({ nodes, processes }, node, own),
      seed,
    };
    return new ScriptRun(file, context);
  }

  get waitsForSetup(): boolean {
    return this.#file.setupProcess !== undefined;
  }

  async setup(cut?: AbortSignal): Promise<unknown> {
    const { setup } = this.#file;
    if (!setup) return undefined;
    const value = await mustNotFail('setup', () => this.#once('setup', undefined, setup, cut));
    mustBeJson(value);
    return value;
  }

  async setupProcess(data: unknown, cut?: AbortSignal): Promise<void> {
    const { setupProcess } = this.#file;
    if (!setupProcess) return;
    const shared = await mustNotFail('setupProcess', () => this.#once('setupProcess', data, setupProcess, cut));
    this.#shared = shared ?? {};
  }

  async teardownProcess(data: unknown): Promise<void> {
    await this.tearDown([], data);
  }

  async teardown(data: unknown): Promise<void> {
    const { teardown } = this.#file;
    if (teardown) await this.#once('teardown', data, teardown);
  }

  async run(data: unknown): Promise<LoadEnd> {
    const { brief, link, stage, measures } = this.#context;
    const { plan, node, process } = brief;
    const crew = this.crew(data);
    const slot = loadSlot(plan, node, process);
    const first = firstWorkers(plan, node);
    const groups = groupsOf(plan).map((group, i) => prepareGroup(group, { slot, firstWorker: first[i] ?? 0 }, crew));
    measures.workers = () => groups.reduce((sum, { atWork }) => sum + atWork(), 0);
    const gracefulEnd = setTimeout(
      () => this.#cut.abort(),
      // The longest run is longer than a timer can be.
      Math.min(LONGEST_TIMER_MS, Math.max(0, deadlineOf(plan) - stage.elapsed())),
    );
    const cutLater = (): void => void setTimeout(() => this.#cut.abort(), plan.gracefulStopMs).unref();
    if (this.#stop.signal.aborted) cutLater();
    else this.#stop.signal.addEventListener('abort', cutLater, { once: true });
    if (link.stopped.aborted) this.#stop.abort();
    const stages = this.#stageEvents();
    const ended = Promise.all(groups.map(({ run }) => run()));
    await Promise.race([ended, whenAborted(this.#cut.signal).then(() => wait(CUT_MS))]);
    clearTimeout(gracefulEnd);
    measures.workers = () => 0;
    const interrupted = interruptedOf(groups);
    await Promise.race([stages.end(), wait(TEARDOWN_MS, undefined, { ref: false })]);
    await this.tearDown(
      groups.flatMap(({ workers }) => workers),
      data,
    );
    return { interrupted, setupFailed: this.#setupFailed, rowsUsedUp: this.#rowsUsedUp };
  }

  /** Tells listeners how many workers are at work. */
  tick(): void {
    if (this.#file.events.hears('current_workers'))
      void this.#tell('current_workers', { workers: this.#context.measures.workers() });
  }

  /** A failure as that of an iteration is, but for what the end of the load makes fail. */
  uncaught(error: unknown): void {
    const { recorder, brief } = this.#context;
    const counts = !this.#cut.signal.aborted && uncaught(recorder, error);
    if (counts && brief.plan.stopOnFailure) this.#end('failure');
  }

  async #tell<Name extends EventName>(name: Name, payload: EventPayloads[Name]): Promise<void> {
    const { errors } = this.#context.recorder;
    await this.#file.events.tell(name, payload, (error) => errors.add('(event listener)', 'listener', error));
  }

  #stageEvents(): StageEvents {
    const { brief, stage } = this.#context;
    const { plan, node, process } = brief;
    const heard = STAGE_EVENTS.some((name) => this.#file.events.hears(name));
    return new StageEvents(heard ? stageCues(plan) : [], {
      elapsed: () => stage.elapsed(),
      tell: ({ event, ...cue }) => this.#tell(event, { ...cue, node, process }),
    });
  }

  /** What the workers of this process share; `data` is what the setup gave. */
  crew(data: unknown): Crew {
    const { brief, stage, recorder, measures } = this.#context;
    return {
      brief,
      file: this.#file,
      stage,
      recorder,
      measures,
      checkNames: this.#checkNames,
      dump: this.#dump,
      dial: dialOf(brief),
      data,
      shared: this.#shared,
      workers: this.#context.link.workers,
      stopped: this.#stop.signal,
      cut: this.#cut.signal,
      end: (reason) => this.#end(reason),
    };
  }

  /** Begins no further iteration; a failure ends the whole run. */
  #end(reason: EndReason): void {
    if (this.#stop.signal.aborted) return;
    if (typeof reason === 'object') this.#setupFailed = reason.setupFailed;
    if (reason === 'empty') this.#rowsUsedUp = true;
    else this.#context.link.send({ type: 'failing' });
    this.#stop.abort();
  }

  /** Also the workers that do not heed the cut are left in order, as far as that can be; then the process itself. */
  async tearDown(workers: readonly Worker[], data: unknown): Promise<void> {
    const { recorder } = this.#context;
    const { teardownProcess } = this.#file;
    const all = async (): Promise<void> => {
      await Promise.all(workers.map((worker) => worker.finish()));
      if (!teardownProcess) return;
      await this.#once('teardownProcess', data, (context) => teardownProcess({ ...context, shared: this.#shared }));
    };
    const failed = (error: unknown): void => teardownFailed(recorder, 'teardownProcess', error);
    await Promise.race([all().catch(failed), wait(TEARDOWN_MS, undefined, { ref: false })]);
  }

  /** Runs a setup or teardown, with an HTTP client and connections of its own, which count under its name; `signal` cuts it. */
  async #once(
    name: string,
    data: unknown,
    run: (context: SetupContext) => unknown,
    signal: AbortSignal = this.#context.link.cut,
  ): Promise<unknown> {
    const { brief, recorder } = this.#context;
    await using http = createHttpClient({
      baseUrl: brief.plan.target,
      dial: dialOf(brief),
      signal,
      onRequest: (sample, body) => {
        recorder.request(name, sample, body);
        this.#dump?.(name, sample, body);
      },
    });
    const check = (condition: boolean, checked: string): boolean => {
      recorder.check(name, this.#checkNames.capped(checked), condition, performance.now());
      return condition;
    };
    const sleep = async (ms: number): Promise<void> => {
      await wait(ms, undefined, { signal });
    };
    const { node, plan } = brief;
    await using scope = new ConnectionScope(signal);
    const traffic = {
      scope,
      recorder,
      dial: dialOf(brief),
      target: plan.target,
      signal,
      scenario: () => name,
      group: () => '',
    };
    const stats = recorder.custom.for(() => name);
    const context = {
      ...protocolsOf(traffic),
      http,
      stats,
      check,
      sleep,
      vars: {},
      data,
      signal,
      node,
      env: plan.env,
    };
    return await active.run({ check, stats, http: () => http, context: () => context }, async () => await run(context));
  }
}

/** What is still running does not heed the signal: it is left behind, and ends with the process. */
function interruptedOf(groups: readonly GroupRun[]): number {
  const workers = groups.flatMap((group) => group.workers);
  return workers.reduce((sum, worker) => sum + worker.cutIterations + (worker.running ? 1 : 0), 0);
}
