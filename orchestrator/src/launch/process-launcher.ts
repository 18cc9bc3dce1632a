import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LoadsError, NODE_FILES, type NodeOrder, type ReportedError, type SidecarReady } from '@loads/core';
import type { Launcher, NodeHandle } from './launcher.ts';
import { identify, isAlive, killGroup, type ProcessIdentity } from './process-identity.ts';

const PROCESSES = 'processes.json';
const POLL_MS = 20;
const SIDECAR_START_MS = 20_000;
const SIDECAR_BIN = fileURLToPath(new URL('../bin/loads-sidecar.js', import.meta.resolve('@loads/vaurien')));
const NODE_BIN = fileURLToPath(new URL('../bin/loads-node.js', import.meta.resolve('@loads/node')));

type Processes = { readonly sidecar: ProcessIdentity; readonly scenario?: ProcessIdentity | undefined };

/** Runs a node as two child processes of this machine, which outlive their parent. */
export const processLauncher: Launcher = {
  name: 'process',

  async launch(order: NodeOrder, dir: string, signal: AbortSignal): Promise<NodeHandle> {
    await writeWhole(join(dir, NODE_FILES.order), order);
    const sidecar = await start([SIDECAR_BIN, dir], join(dir, 'sidecar.log'), process.env);
    const handle = (processes: Processes): NodeHandle => new ProcessNode(order.node, dir, processes);
    await writeWhole(join(dir, PROCESSES), { sidecar });
    try {
      const { link } = await sidecarReady(order.node, dir, sidecar, signal);
      const env = { ...process.env, ...order.plan.env, LOADS_LINK: link };
      // The scenario file may lie in a folder without a package.json: that is no reason for a warning.
      const args = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', NODE_BIN];
      const scenario = await start(args, join(dir, 'scenario.log'), env);
      await writeWhole(join(dir, PROCESSES), { sidecar, scenario });
      return handle({ sidecar, scenario });
    } catch (error) {
      await handle({ sidecar }).kill();
      throw error;
    }
  },

  async attach(node: number, dir: string): Promise<NodeHandle> {
    const text = await readFile(join(dir, PROCESSES), 'utf8').catch(() => undefined);
    if (text === undefined) throw new LoadsError('ERR_RUN_DAMAGED', `node ${node} was never launched`);
    try {
      return new ProcessNode(node, dir, JSON.parse(text) as Processes);
    } catch (cause) {
      throw new LoadsError('ERR_RUN_DAMAGED', `node ${node}: ${PROCESSES} cannot be read`, { cause });
    }
  },
};

class ProcessNode implements NodeHandle {
  readonly node: number;
  readonly #dir: string;
  readonly #processes: Processes;

  constructor(node: number, dir: string, processes: Processes) {
    this.node = node;
    this.#dir = dir;
    this.#processes = processes;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#dir, name));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async write(name: string, content: unknown): Promise<void> {
    await writeWhole(join(this.#dir, name), content);
  }

  async alive(): Promise<{ sidecar: boolean; scenario: boolean }> {
    const { sidecar, scenario } = this.#processes;
    return { sidecar: await isAlive(sidecar), scenario: scenario !== undefined && (await isAlive(scenario)) };
  }

  async kill(): Promise<void> {
    const { sidecar, scenario } = this.#processes;
    if (scenario) await killGroup(scenario);
    await killGroup(sidecar);
  }
}

/** Starts a process of its own session, with its output in a file: neither Ctrl-C nor this process's end reaches it. */
async function start(args: readonly string[], log: string, env: NodeJS.ProcessEnv): Promise<ProcessIdentity> {
  const output = await open(log, 'a');
  try {
    const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', output.fd, output.fd], env });
    await once(child, 'spawn');
    child.unref();
    return await identify(child.pid ?? 0);
  } catch (cause) {
    throw new LoadsError('ERR_NODE_START', `a process could not be started: ${String(cause)}`, { cause });
  } finally {
    await output.close();
  }
}

async function sidecarReady(
  node: number,
  dir: string,
  sidecar: ProcessIdentity,
  signal: AbortSignal,
): Promise<SidecarReady> {
  const deadline = performance.now() + SIDECAR_START_MS;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const alive = await isAlive(sidecar);
    const ready = await readJson<SidecarReady>(join(dir, NODE_FILES.sidecar));
    if (ready) return ready;
    if (!alive) {
      const failed = await readJson<ReportedError>(join(dir, NODE_FILES.failed));
      const message = failed?.message ?? `its sidecar ended at once; see ${join(dir, 'sidecar.log')}`;
      throw new LoadsError('ERR_NODE_START', `node ${node} could not be started: ${message}`, { hint: failed?.hint });
    }
    await sleep(POLL_MS);
  }
  throw new LoadsError('ERR_NODE_START', `node ${node}: its sidecar was not ready within ${SIDECAR_START_MS / 1000} s`);
}

async function readJson<Content>(path: string): Promise<Content | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Content);
}

async function writeWhole(path: string, content: unknown): Promise<void> {
  await writeFile(`${path}.part`, JSON.stringify(content));
  await rename(`${path}.part`, path);
}
