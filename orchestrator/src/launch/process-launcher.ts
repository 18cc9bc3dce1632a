import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  LoadsError,
  NODE_FILES,
  type NodeOrder,
  type NodeStart,
  type NodeStop,
  type ReportedError,
  type SidecarReady,
} from '@loads/core';
import type { RunFolder } from '../store/run-folder.ts';
import { type Launcher, type LaunchOptions, type NodeGroup, type NodeView, nodeNumbers } from './launcher.ts';
import { type NodeProcesses, PROCESSES, readProcesses } from './node-processes.ts';
import { identify, isAlive, killGroup, type ProcessIdentity } from './process-identity.ts';
import { SCENARIO_FLAGS } from './scenario-flags.ts';
import { notBegun, windDown } from './wind-down.ts';

const POLL_MS = 20;
const SIDECAR_START_MS = 20_000;
const SIDECAR_BIN = fileURLToPath(new URL('../bin/loads-sidecar.js', import.meta.resolve('@loads/vaurien')));
const NODE_BIN = fileURLToPath(new URL('../bin/loads-node.js', import.meta.resolve('@loads/node')));

/** Runs a node as two child processes of this machine, which outlive their parent. */
export const processLauncher: Launcher = {
  name: 'process',

  async prepare() {
    return {};
  },

  async launch(folder: RunFolder, { signal, atOnce, onLaunched }: LaunchOptions): Promise<NodeGroup> {
    const { run, plan, directory } = folder.record;
    let launched = 0;
    const outcomes = await Promise.allSettled(
      nodeNumbers(plan.nodes).map(async (node) => {
        const started = await launchNode({ run, node, plan }, { dir: folder.nodeDir(node), cwd: directory }, signal);
        launched += 1;
        onLaunched(launched);
        return started;
      }),
    );
    const nodes = new ProcessNodes(outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    for (const one of outcomes) {
      if (one.status !== 'rejected') continue;
      await windDown(nodes, { stop: notBegun(signal), gracefulStopMs: plan.gracefulStopMs, atOnce });
      throw one.reason;
    }
    return nodes;
  },

  async attach(folder: RunFolder): Promise<NodeGroup> {
    const numbers = nodeNumbers(folder.record.plan.nodes);
    return new ProcessNodes(await Promise.all(numbers.map((node) => findNode(node, folder.nodeDir(node)))));
  },
};

/** The nodes of a run in this machine's processes. Their folders are the run's own, so nothing has to be brought. */
class ProcessNodes implements NodeGroup {
  readonly pollMs = 200;
  readonly headStartMs = 300;
  readonly #nodes: readonly ProcessNode[];

  constructor(nodes: readonly ProcessNode[]) {
    this.#nodes = nodes;
  }

  async look(): Promise<readonly NodeView[]> {
    return await Promise.all(this.#nodes.map((node) => node.look()));
  }

  async write(name: string, content: unknown): Promise<void> {
    await Promise.all(this.#nodes.map(({ dir }) => writeWhole(join(dir, name), content)));
  }

  async begin(start: NodeStart): Promise<void> {
    await this.write(NODE_FILES.start, start);
  }

  async stop(stop: NodeStop): Promise<void> {
    await this.write(NODE_FILES.stop, stop);
  }

  async kill(numbers?: readonly number[]): Promise<void> {
    const doomed = this.#nodes.filter(({ node }) => numbers?.includes(node) ?? true);
    await Promise.all(doomed.map((node) => node.kill()));
  }

  async collect(): Promise<ReadonlyMap<number, string>> {
    return new Map();
  }

  async remove(): Promise<undefined> {
    return undefined;
  }
}

class ProcessNode {
  readonly node: number;
  readonly dir: string;
  readonly #processes: NodeProcesses;

  constructor(node: number, dir: string, processes: NodeProcesses) {
    this.node = node;
    this.dir = dir;
    this.#processes = processes;
  }

  async look(): Promise<NodeView> {
    const { sidecar, scenario } = this.#processes;
    return {
      node: this.node,
      sidecar: await isAlive(sidecar),
      scenario: scenario !== undefined && (await isAlive(scenario)),
      read: (name) => readIfThere(join(this.dir, name)),
    };
  }

  async kill(): Promise<void> {
    const { sidecar, scenario } = this.#processes;
    if (scenario) await killGroup(scenario);
    await killGroup(sidecar);
  }
}

type NodePlace = { readonly dir: string; readonly cwd: string | undefined };

async function launchNode(order: NodeOrder, { dir, cwd }: NodePlace, signal: AbortSignal): Promise<ProcessNode> {
  // Its sidecar is the parent of the scenario process: it is told how that ended, also when this process has gone.
  const command = [process.execPath, ...SCENARIO_FLAGS, NODE_BIN];
  await writeWhole(join(dir, NODE_FILES.order), { ...order, scenario: { command, directory: cwd } });
  const sidecar = await start([SIDECAR_BIN, dir], join(dir, 'sidecar.log'));
  const nodeOf = (processes: NodeProcesses): ProcessNode => new ProcessNode(order.node, dir, processes);
  await writeWhole(join(dir, PROCESSES), { sidecar });
  try {
    const { scenario: pid } = await sidecarReady(order.node, dir, sidecar, signal);
    const found = pid === undefined ? undefined : await identify(pid);
    // One that has ended already is nobody: its pid may soon be another's.
    const scenario = found && (await isAlive(found)) ? found : undefined;
    await writeWhole(join(dir, PROCESSES), { sidecar, scenario });
    return nodeOf({ sidecar, scenario });
  } catch (error) {
    await nodeOf({ sidecar }).kill();
    throw error;
  }
}

async function findNode(node: number, dir: string): Promise<ProcessNode> {
  const text = await readFile(join(dir, PROCESSES), 'utf8').catch(() => undefined);
  if (text === undefined) throw new LoadsError('ERR_RUN_DAMAGED', `node ${node} was never launched`);
  const processes = readProcesses(text);
  if (processes) return new ProcessNode(node, dir, processes);
  throw new LoadsError('ERR_RUN_DAMAGED', `node ${node}: ${PROCESSES} cannot be read`);
}

/** Starts a process of its own session, with its output in a file: neither Ctrl-C nor this process's end reaches it. */
async function start(args: readonly string[], log: string): Promise<ProcessIdentity> {
  const output = await open(log, 'a');
  try {
    const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', output.fd, output.fd] });
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
    const alive = await isAlive(sidecar);
    const ready = await readJson<SidecarReady>(join(dir, NODE_FILES.sidecar));
    if (ready) return ready;
    signal.throwIfAborted();
    if (!alive) {
      const failed = await readJson<ReportedError>(join(dir, NODE_FILES.failed));
      const message = failed?.message ?? `its sidecar ended at once; see ${join(dir, 'sidecar.log')}`;
      throw new LoadsError('ERR_NODE_START', `node ${node} could not be started: ${message}`, { hint: failed?.hint });
    }
    await sleep(POLL_MS);
  }
  throw new LoadsError('ERR_NODE_START', `node ${node}: its sidecar was not ready within ${SIDECAR_START_MS / 1000} s`);
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readJson<Content>(path: string): Promise<Content | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Content);
}

async function writeWhole(path: string, content: unknown): Promise<void> {
  await writeFile(`${path}.part`, JSON.stringify(content));
  await rename(`${path}.part`, path);
}
