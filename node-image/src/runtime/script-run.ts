import { setTimeout as wait } from 'node:timers/promises';
import { constantWorkers, formatAddress, LONGEST_RUN_MS, LoadsError, parseAddress, segment } from '@loads/core';
import type { SetupContext } from '../api/context.ts';
import type { ScenarioFile } from '../api/registry.ts';
import { createHttpClient } from '../http/http-client.ts';
import type { NodeBrief } from './link-client.ts';
import type { Load, LoadContext } from './load.ts';
import { loadScenario } from './load-scenario.ts';
import { type Crew, Worker } from './worker.ts';

/** How long iterations get to end by themselves after they have been cut, ms. */
const CUT_MS = 1000;

/** A scenario file as load: this node's segment of the workers. */
export class ScriptRun implements Load {
  readonly #file: ScenarioFile;
  readonly #context: LoadContext;
  readonly #cut = new AbortController();

  constructor(file: ScenarioFile, context: LoadContext) {
    this.#file = file;
    this.#context = context;
    const { cut } = context.link;
    cut.addEventListener('abort', () => this.#cut.abort(), { once: true });
  }

  /** Loads the file. Throws ERR_SCENARIO_LOAD. */
  static async load(file: string, context: LoadContext): Promise<ScriptRun> {
    return new ScriptRun(await loadScenario(file), context);
  }

  async setup(): Promise<unknown> {
    const { setup } = this.#file;
    if (!setup) return undefined;
    let value: unknown;
    try {
      value = await this.#once('setup', setup, undefined);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new LoadsError('ERR_SETUP', `setup failed: ${message}`, { cause });
    }
    mustBeJson(value);
    return value;
  }

  async teardown(data: unknown): Promise<void> {
    if (this.#file.teardown) await this.#once('teardown', this.#file.teardown, data);
  }

  async run(data: unknown): Promise<{ readonly interrupted: number }> {
    const { brief, link, stage, recorder } = this.#context;
    const { plan, node } = brief;
    const durationMs = plan.durationMs ?? LONGEST_RUN_MS;
    const crew: Crew = {
      brief,
      scenarios: this.#file.scenarios,
      pacer: constantWorkers({ durationMs }),
      stage,
      recorder,
      dial: dialOf(brief),
      data,
      stopped: link.stopped,
      cut: this.#cut.signal,
    };
    const workers = segment(plan.workers, node, plan.nodes).map((id) => new Worker(id, crew));
    const gracefulEnd = setTimeout(
      () => this.#cut.abort(),
      Math.max(0, durationMs + plan.gracefulStopMs - stage.elapsed()),
    );
    link.stopped.addEventListener('abort', () => setTimeout(() => this.#cut.abort(), plan.gracefulStopMs).unref(), {
      once: true,
    });
    const ended = Promise.all(workers.map((worker) => worker.run()));
    await Promise.race([ended, whenAborted(this.#cut.signal).then(() => wait(CUT_MS))]);
    clearTimeout(gracefulEnd);
    // What is still running does not heed the signal: it is left behind, and ends with the process.
    return { interrupted: workers.reduce((sum, worker) => sum + worker.cutIterations + (worker.running ? 1 : 0), 0) };
  }

  /** Runs a setup or teardown, with an HTTP client of its own, whose requests count under its name. */
  async #once(name: string, run: (context: SetupContext) => unknown, data: unknown): Promise<unknown> {
    const { brief, link, recorder } = this.#context;
    await using http = createHttpClient({
      baseUrl: brief.plan.target,
      dial: dialOf(brief),
      signal: link.cut,
      onRequest: (sample) => recorder.request(name, sample),
    });
    return await run({
      http,
      check(condition, check) {
        recorder.check(name, check, condition, performance.now());
        return condition;
      },
      sleep: async (ms) => {
        await wait(ms, undefined, { signal: link.cut });
      },
      vars: {},
      data,
      signal: link.cut,
      node: brief.node,
      env: brief.plan.env,
    });
  }
}

/** What a setup gives travels to the other nodes as JSON. Throws ERR_SETUP for what cannot. */
function mustBeJson(value: unknown): void {
  try {
    JSON.stringify(value);
  } catch (cause) {
    const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n');
    const message = `setup failed: what it returned cannot be sent to the nodes as JSON: ${reason}`;
    throw new LoadsError('ERR_SETUP', message, { cause });
  }
}

/** What goes to a proxy's backend goes through the proxy. */
function dialOf({ plan, proxies }: NodeBrief): Crew['dial'] {
  return new Map(
    plan.proxies.flatMap(({ name, backend }) => {
      const address = parseAddress(proxies[name] ?? '');
      return address ? [[formatAddress(backend), address] as const] : [];
    }),
  );
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
