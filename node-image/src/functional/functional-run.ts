import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { RunPlan } from '@loads/core';
import type { RegisteredScenario, Registry } from '../api/registry.ts';
import { Recorder } from '../recording/recorder.ts';
import type { NodeBrief } from '../runtime/link-client.ts';
import { LoadRecorder } from '../runtime/load-recorder.ts';
import { RunStage } from '../runtime/run-stage.ts';
import { ScriptRun } from '../runtime/script-run.ts';
import { Worker } from '../runtime/worker.ts';
import { WorkerCount } from '../runtime/worker-count.ts';
import { installFetch } from './measured-fetch.ts';

/** How long a scenario file may take to be evaluated after its first scenario, ms. */
const EVALUATION_MS = 1000;

/** The run that is under way: one worker on one node, without a sidecar. */
type Begun = {
  readonly run: ScriptRun;
  readonly worker: Worker;
  readonly recorder: WatchedRecorder;
  readonly data: unknown;
};

/** Runs the scenarios of a file one by one as functional tests, each once, with the fixtures around them. */
export class FunctionalRun {
  readonly #registry: Registry;
  readonly #env: NodeJS.ProcessEnv;
  readonly #main: string | undefined;
  #begun: Promise<Begun> | undefined;
  #iterations = 0;
  #failure: { readonly error: unknown } | undefined;

  /** `main` is the path of the file, whose `options` say what the environment does not. */
  constructor(registry: Registry, env: NodeJS.ProcessEnv, main: string | undefined) {
    this.#registry = registry;
    this.#env = env;
    this.#main = main;
  }

  /** Runs a scenario once. Throws what it throws, and for checks that do not hold. */
  async run(scenario: RegisteredScenario): Promise<void> {
    this.#begun ??= this.#begin();
    const { worker, recorder } = await this.#begun;
    recorder.unmet.clear();
    this.#failure = undefined;
    const ended = await worker.enter(() => worker.iterate(scenario, this.#iterations++));
    const { error } = this.#failure ?? ({} as { readonly error?: unknown });
    if (error !== undefined) throw error;
    if (!ended) throw new Error('the scenario could not run to its end: a feeder has no row left');
    if (recorder.unmet.size > 0) throw new Error(`checks that did not hold: ${[...recorder.unmet].join(', ')}`);
  }

  /** Runs the teardowns, where anything was run. Throws the first error of one. */
  async end(): Promise<void> {
    if (!this.#begun) return;
    const begun = await this.#begun.catch(() => undefined);
    // What could not begin has been told by every test.
    if (!begun) return;
    const { run, worker, recorder, data } = begun;
    await run.tearDown([worker], data);
    await run.teardown(data);
    throwFirst(recorder, /^teardown/);
  }

  async #begin(): Promise<Begun> {
    const options = await this.#options();
    installFetch();
    const plan = planOf(options, this.#env);
    const stage = new RunStage(plan);
    stage.begin(performance.timeOrigin + performance.now());
    const stamp = (fromMs: number, toMs: number): ReturnType<RunStage['stamp']> => stage.stamp(fromMs, toMs);
    const recorder = new WatchedRecorder(stamp);
    const never = new AbortController().signal;
    this.#registry.events.add('scenario_failure', ({ exception }) => {
      this.#failure = { error: exception };
    });
    const run = new ScriptRun(this.#registry.finish(), {
      brief: briefOf(plan),
      link: {
        send: () => undefined,
        stopped: never,
        cut: never,
        lost: new Promise<void>(() => undefined),
        workers: new WorkerCount(),
      },
      stage,
      recorder,
      measures: new LoadRecorder(stamp),
    });
    const data = await run.setup();
    await run.setupProcess(data);
    const worker = new Worker(0, run.crew(data));
    if (!(await worker.enter(() => worker.begin()))) throwFirst(recorder, /^setup/);
    return { run, worker, recorder, data };
  }

  /** What the file exports as `options`. All of it is declared by then. */
  async #options(): Promise<Readonly<Record<string, unknown>>> {
    if (this.#main === undefined) return {};
    // A file that waits at its top for a test of its own would wait for ever.
    const late = wait(EVALUATION_MS, undefined, { ref: false });
    const loaded = (await Promise.race([import(pathToFileURL(this.#main).href), late])) as
      | { readonly options?: Readonly<Record<string, unknown>> }
      | undefined;
    return loaded?.options ?? {};
  }
}

/** Remembers which checks did not hold. */
class WatchedRecorder extends Recorder {
  readonly unmet = new Set<string>();

  override check(scenario: string, check: string, ok: boolean, atMs: number): void {
    if (!ok) this.unmet.add(check);
    super.check(scenario, check, ok, atMs);
  }
}

/** Errors of fixtures are kept as they are shown in a summary: with their message and the stack of the first. */
function throwFirst(recorder: Recorder, scenario: RegExp): void {
  const found = recorder.errors.all.find((one) => scenario.test(one.scenario));
  if (!found) return;
  const error = new Error(`${found.scenario} failed: ${found.message}`);
  if (found.stack !== undefined) error.stack = `${error.message}\n${found.stack}`;
  throw error;
}

function planOf({ target, env }: Readonly<Record<string, unknown>>, environment: NodeJS.ProcessEnv): RunPlan {
  const given = Object.entries({ ...(typeof env === 'object' ? env : {}), ...environment });
  return {
    version: 1,
    name: 'functional-test',
    scenario: { kind: 'script', file: '' },
    target: environment.LOADS_TARGET ?? (typeof target === 'string' ? target : undefined),
    nodes: 1,
    workers: 1,
    durationMs: null,
    gracefulStopMs: 0,
    recoveryMs: 0,
    seed: 0,
    env: Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))),
    proxies: [],
    schedule: [],
    thresholds: [],
  };
}

function briefOf(plan: RunPlan): NodeBrief {
  return { type: 'plan', run: plan.name, node: 1, process: 1, plan, statsd: '', proxies: {} };
}
