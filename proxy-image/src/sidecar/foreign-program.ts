import { setTimeout as sleep } from 'node:timers/promises';
import {
  LONGEST_RUN_MS,
  NODE_FILES,
  type ProgramExit,
  type RunPlan,
  type ScenarioReport,
  type SidecarMessage,
} from '@loads/core';
import type { Link } from './link.ts';
import type { NodeFiles } from './node-files.ts';
import type { ProcessTable } from './process-table.ts';

const POLL_MS = 50;
/** How long a program gets between SIGTERM and SIGKILL, ms. */
const TERM_MS = 5000;
/** How long after the start a program may begin, ms: whoever starts it may have died. */
const BEGIN_MS = 60_000;
/** How long the word of how it ended may take after the program, ms. Nobody may be there to say it. */
const EXIT_MS = 3000;

/** What a sidecar hears from its scenario, and tells it. */
export type ScenarioEnd = Pick<
  Link,
  | 'setup'
  | 'ready'
  | 'failed'
  | 'failures'
  | 'joined'
  | 'lostProcess'
  | 'gone'
  | 'done'
  | 'closed'
  | 'startedAtMs'
  | 'blocked'
  | 'greet'
  | 'send'
  | 'sendTo'
> &
  AsyncDisposable;

/**
 * A program in a container of its own that shares the sidecar's PID namespace and knows nothing of it. It stands where
 * the link stands of other scenarios: it is always ready, is begun by others, and has ended when its processes have gone
 * or its exit code was left in the node's folder. The plan's time and a stop end it by signals.
 */
export class ForeignProgram implements ScenarioEnd {
  readonly #plan: RunPlan;
  readonly #files: NodeFiles;
  readonly #processes: ProcessTable;
  readonly #now: () => number;
  readonly #done = Promise.withResolvers<ScenarioReport>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #over = new AbortController();
  #watching: Promise<void> = Promise.resolve();
  #killAtMs = Number.POSITIVE_INFINITY;
  #told = false;

  constructor(plan: RunPlan, files: NodeFiles, processes: ProcessTable, now: () => number) {
    this.#plan = plan;
    this.#files = files;
    this.#processes = processes;
    this.#now = now;
  }

  readonly setup: Promise<unknown> = new Promise(() => undefined);
  readonly ready: Promise<unknown> = Promise.resolve(undefined);
  readonly failed: Promise<never> = new Promise(() => undefined);
  readonly failures: readonly never[] = [];
  readonly lostProcess: Promise<never> = new Promise(() => undefined);
  /** Nobody has to be waited for before the start: it has not begun. */
  readonly joined = 0;
  readonly gone: Promise<void> = Promise.resolve();
  /** Programs are begun one after another, as fast as an engine starts containers: the run begins with the first. */
  readonly startedAtMs: undefined = undefined;
  readonly blocked: readonly never[] = [];

  /** Resolves when the program has ended, with its exit code if somebody said it. */
  get done(): Promise<ScenarioReport> {
    return this.#done.promise;
  }

  /** Resolves when no program has begun. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  greet(): void {}

  sendTo(): void {}

  send(message: SidecarMessage): void {
    if (message.type === 'start') this.#watching = this.#watch(message.atMs);
    else if (message.type === 'stop') this.#end(message.graceful ? 'SIGTERM' : 'SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#watching;
  }

  /** Sends the program a signal, and follows a SIGTERM up with a SIGKILL. */
  #end(signal: NodeJS.Signals): void {
    this.#told = true;
    this.#killAtMs = Math.min(this.#killAtMs, this.#now() + TERM_MS);
    this.#processes.signal(signal);
  }

  async #watch(startMs: number): Promise<void> {
    const endMs = startMs + (this.#plan.durationMs ?? LONGEST_RUN_MS);
    let seen = false;
    let goneAtMs: number | undefined;
    while (!this.#over.signal.aborted) {
      const exit = await this.#files.read<ProgramExit>(NODE_FILES.exit);
      const now = this.#now();
      const runs = this.#processes.others().length > 0;
      if (runs) seen = true;
      else if (seen) goneAtMs ??= now;
      if (exit || (goneAtMs !== undefined && now > goneAtMs + EXIT_MS)) return this.#finish(exit?.code);
      if (!seen && (this.#told || now > startMs + BEGIN_MS)) return this.#closed.resolve();
      if (runs && !this.#told && now >= endMs) this.#end('SIGTERM');
      if (runs && now > this.#killAtMs) this.#processes.signal('SIGKILL');
      // What another user owns heeds no signal from here. It ends with this namespace, that is, with this process.
      if (runs && now > this.#killAtMs + TERM_MS) return this.#finish(undefined);
      await sleep(POLL_MS);
    }
  }

  /** A program that was told to end has not failed, whatever it made of it. */
  #finish(code: number | undefined): void {
    const commandExit = this.#told && (code === undefined || code > 128) ? 0 : code;
    this.#done.resolve({ emitted: null, interrupted: 0, errors: [], commandExit });
  }
}
