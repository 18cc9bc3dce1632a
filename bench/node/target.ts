import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const SERVER = join(import.meta.dirname, 'server.ts');

/** A server that clients load, in a process of its own. */
export interface Target extends AsyncDisposable {
  /** What they ask for. */
  readonly url: string;
  readonly pid: number;
  /** How many requests it has answered. */
  answered(): Promise<number>;
}

class NodeTarget implements Target {
  readonly url: string;
  readonly pid: number;
  readonly #server: ChildProcess;

  constructor(server: ChildProcess, port: number) {
    this.#server = server;
    this.pid = server.pid ?? 0;
    this.url = `http://127.0.0.1:${port}/items/42`;
  }

  async answered(): Promise<number> {
    const [count] = await ask(this.#server, 'answered');
    return count;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#server, 'exit');
    this.#server.disconnect();
    await exit;
  }
}

/** Starts a bare server of our own on a free port of the loopback. */
export async function startTarget(): Promise<Target> {
  const server = fork(SERVER);
  const [port] = (await once(server, 'message')) as [number];
  return new NodeTarget(server, port);
}

async function ask(server: ChildProcess, question: string): Promise<[number]> {
  const answer = once(server, 'message');
  server.send(question);
  return (await answer) as [number];
}
