import { setTimeout as sleep } from 'node:timers/promises';
import {
  ERRORS,
  type ErrorCode,
  LoadsError,
  NODE_FILES,
  type NodeReady,
  type NodeStart,
  type ReportedError,
} from '@loads/core';
import type { Launcher, NodeHandle } from '../launch/launcher.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { readNodeJson } from './node-files.ts';
import { RunningRun } from './running-run.ts';

const POLL_MS = 20;
const READY_MS = 60_000;
/** From the moment that the start is given until it is due: time for every node to read it. */
const HEAD_START_MS = 300;
const HEAD_START_PER_NODE_MS = 10;

/** A run that has its folder and no nodes yet. */
export class Run {
  readonly #folder: RunFolder;
  readonly #launcher: Launcher;

  constructor(folder: RunFolder, launcher: Launcher) {
    this.#folder = folder;
    this.#launcher = launcher;
  }

  /**
   * Launches all nodes, waits until every one is ready, and gives them one start instant. When anything fails, or the
   * signal aborts, nothing is left behind. Throws ERR_NODE_START, ERR_SCENARIO_LOAD or ERR_SETUP.
   */
  async start(signal: AbortSignal): Promise<RunningRun> {
    const { run, plan } = this.#folder.record;
    const numbers = Array.from({ length: plan.nodes }, (_, i) => i + 1);
    const launched = await Promise.allSettled(
      numbers.map((node) => this.#launcher.launch({ run, node, plan }, this.#folder.nodeDir(node), signal)),
    );
    const nodes = launched.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    try {
      for (const one of launched) if (one.status === 'rejected') throw one.reason;
      const setup = await allReady(nodes, signal);
      const atMs = Date.now() + HEAD_START_MS + HEAD_START_PER_NODE_MS * nodes.length;
      const start: NodeStart = { atMs, setup };
      await Promise.all(nodes.map((node) => node.write(NODE_FILES.start, start)));
      return new RunningRun(this.#folder, nodes, atMs);
    } catch (error) {
      await Promise.all(nodes.map((node) => node.kill()));
      throw error;
    }
  }
}

/** Finds the nodes of a run that another orchestrator started. */
export async function attachRun(folder: RunFolder, launcher: Launcher): Promise<RunningRun> {
  const { plan, run } = folder.record;
  const numbers = Array.from({ length: plan.nodes }, (_, i) => i + 1);
  const nodes = await Promise.all(numbers.map((node) => launcher.attach(node, folder.nodeDir(node))));
  const [first] = nodes;
  const start = first && (await readNodeJson<NodeStart>(first, NODE_FILES.start));
  if (!start) throw new LoadsError('ERR_RUN_DAMAGED', `run ${run} was never started`, { hint: 'run it anew' });
  return new RunningRun(folder, nodes, start.atMs);
}

/** Waits for every node; gives what the setup on node 1 returned. */
async function allReady(nodes: readonly NodeHandle[], signal: AbortSignal): Promise<unknown> {
  const deadline = performance.now() + READY_MS;
  const setups = await Promise.all(nodes.map((node) => ready(node, deadline, signal)));
  return setups[0];
}

async function ready(node: NodeHandle, deadline: number, signal: AbortSignal): Promise<unknown> {
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const alive = await node.alive();
    const ready = await readNodeJson<NodeReady>(node, NODE_FILES.ready);
    if (ready) return ready.setup;
    const failed = await readNodeJson<ReportedError>(node, NODE_FILES.failed);
    if (failed) throw nodeError(node.node, failed);
    if (!alive.sidecar) throw new LoadsError('ERR_NODE_START', `node ${node.node} ended before it was ready`);
    await sleep(POLL_MS);
  }
  throw new LoadsError('ERR_NODE_START', `node ${node.node} was not ready within ${READY_MS / 1000} s`);
}

function nodeError(node: number, { code, message, hint, stack }: ReportedError): LoadsError {
  const cause = new Error(message);
  if (stack !== undefined) cause.stack = stack;
  const known = (code in ERRORS ? code : 'ERR_NODE_START') as ErrorCode;
  const where = ERRORS[known].exitCode === ERRORS.ERR_NODE_START.exitCode ? `node ${node}: ` : '';
  return new LoadsError(known, `${where}${message}`, { hint, cause });
}
