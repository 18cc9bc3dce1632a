import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** A client that runs in a process of its own. */
export type ClientProcess = AsyncDisposable & {
  /** The process that makes the requests. */
  readonly pid: number;
  /** Waits until the client has ended by itself, and gives how many good answers it counted. Throws when it failed. */
  finish(): Promise<number>;
};

const KILL_AFTER_MS = 5000;

/** A child process, with what it writes. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #exit: Promise<unknown>;
  readonly #output: Promise<[out: string, err: string]>;

  /** `program`: what runs it, instead of this Node. */
  constructor(args: readonly string[], cwd: string, program: string = process.execPath) {
    this.#child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exit = once(this.#child, 'exit');
    this.#output = Promise.all([text(this.#child.stdout), text(this.#child.stderr)]);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Waits for the end, and gives the exit code (null after a signal) and what was written. */
  async end(): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
    await this.#exit;
    const [out, err] = await this.#output;
    return { code: this.#child.exitCode, out, err };
  }

  /** Waits for the end and gives what went to stdout. Throws an Error with stderr when the exit code is not 0. */
  async finish(): Promise<string> {
    const { code, out, err } = await this.end();
    if (code === 0) return out;
    throw new Error(`${this.#child.spawnargs.join(' ')} ended with ${this.#child.signalCode ?? code}: ${err}`);
  }

  /** Asks a program that still runs to end, as Ctrl-C does, and at last ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const killAtMs = performance.now() + KILL_AFTER_MS;
    while (!this.ended) {
      this.#child.kill(performance.now() < killAtMs ? 'SIGINT' : 'SIGKILL');
      await Promise.race([this.#exit, sleep(500)]);
    }
  }
}
