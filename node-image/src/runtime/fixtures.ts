import { setTimeout as wait } from 'node:timers/promises';
import type { Recorder } from '../recording/recorder.ts';
import type { EarlyStop } from './early-stop.ts';
import type { LinkClient, NodeBrief } from './link-client.ts';
import type { Load } from './load.ts';
import { teardownFailed } from './outside-failures.ts';
import type { Siblings } from './siblings.ts';

/** How much longer than this process the others of the node may take, ms. */
const SIBLINGS_MS = 5000;

export type FixtureContext = {
  readonly brief: NodeBrief;
  readonly link: Pick<LinkClient, 'send' | 'data'>;
  readonly recorder: Pick<Recorder, 'errors' | 'outside'>;
  readonly stop: EarlyStop;
  readonly siblings: Siblings | undefined;
};

/** The fixtures of the run and of a process: those before the start, and what undoes them. */
export class Fixtures {
  readonly #load: Load;
  readonly #context: FixtureContext;
  #enteredRun = false;
  #enteredProcess = false;
  #setup: unknown;
  #data: unknown;

  constructor(load: Load, context: FixtureContext) {
    this.#load = load;
    this.#context = context;
  }

  /** Gives what the setup returned, in the process that ran it. Throws ERR_SETUP, and ERR_STOPPED when the run is not to begin. */
  async setUp(): Promise<unknown> {
    const { link, stop } = this.#context;
    stop.check();
    if (this.#isFirst) {
      this.#enteredRun = true;
      this.#setup = await stop.untilCut(this.#load.setup(stop.cut));
      stop.check();
    }
    if (!this.#load.waitsForSetup) return this.#setup;
    if (this.#isFirst) link.send({ type: 'setup', setup: this.#setup });
    this.#data = await stop.unlessStopped(link.data);
    stop.check();
    this.#enteredProcess = true;
    await stop.untilCut(this.#load.setupProcess(this.#data, stop.cut));
    stop.check();
    return this.#setup;
  }

  /** Undoes what was set up for a run that does not begin. What throws on the way is with the errors of the recorder. */
  async undo(): Promise<void> {
    const { brief } = this.#context;
    if (this.#enteredProcess) await this.#load.teardownProcess(this.#data);
    if (this.#enteredRun) await this.tearDown(this.#setup, SIBLINGS_MS + brief.plan.gracefulStopMs);
  }

  /** The run's own teardown, in the process that set it up. It comes after all else; who hangs for so long (ms) is not waited for. */
  async tearDown(data: unknown, patienceMs: number = SIBLINGS_MS): Promise<void> {
    const { siblings, recorder } = this.#context;
    if (!this.#isFirst) return;
    await Promise.race([siblings?.ended, wait(patienceMs, undefined, { ref: false })]);
    await this.#load.teardown(data).catch((error: unknown) => teardownFailed(recorder, 'teardown', error));
  }

  /** What belongs to the run as a whole is done by one of its processes. */
  get #isFirst(): boolean {
    const { node, process } = this.#context.brief;
    return node === 1 && process === 1;
  }
}
