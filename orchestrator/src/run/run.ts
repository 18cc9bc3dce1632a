import { setTimeout as sleep } from 'node:timers/promises';
import {
  ERRORS,
  type ErrorCode,
  LoadsError,
  NODE_FILES,
  type NodeData,
  type NodeReady,
  type NodeStart,
  type ReportedError,
} from '@loads/core';
import type { Launcher, LaunchOptions, NodeGroup, NodeView } from '../launch/launcher.ts';
import { notBegun, windDown } from '../launch/wind-down.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { readNodeJson } from './node-files.ts';
import { whatElse, withHint } from './not-begun.ts';
import { RunningRun } from './running-run.ts';

/** Looks come soon at first, and then as often as they are worth what they cost. */
const FIRST_POLL_MS = 20;
const READY_MS = 60_000;
const READY_PER_NODE_MS = 500;
/** Between the nodes that read their start first and last. */
const HEAD_START_PER_NODE_MS = 10;
/** How many times as long as a look at all nodes their start may take to reach them. */
const HEAD_START_LOOKS = 3;

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
   * signal aborts, what was set up is undone first, and nothing is left behind. Throws ERR_NODE_START, ERR_SCENARIO_LOAD,
   * ERR_SETUP or what the launcher throws.
   */
  async start(options: LaunchOptions): Promise<RunningRun> {
    const { plan } = this.#folder.record;
    const nodes = await this.#launcher.launch(this.#folder, options);
    try {
      const { setup, aheadMs, lookMs } = await allReady(nodes, plan.nodes, options.signal);
      const sentAtMs = Date.now();
      const headStartMs = nodes.headStartMs + HEAD_START_PER_NODE_MS * plan.nodes;
      // Where it takes long to hear of the nodes, it takes long to tell them.
      const atMs = sentAtMs + Math.max(headStartMs, HEAD_START_LOOKS * lookMs);
      await nodes.begin({ atMs, setup, sentAtMs, aheadMs });
      return new RunningRun(this.#folder, nodes, atMs);
    } catch (error) {
      const { signal, atOnce } = options;
      const ending = { stop: notBegun(signal), gracefulStopMs: plan.gracefulStopMs, atOnce };
      const killed = await windDown(nodes, ending);
      // What they said last helps to understand why; that it cannot be had is no further error.
      const reasons = atOnce?.aborted ? undefined : await nodes.collect().catch(() => undefined);
      const more = await whatElse(nodes, { killed, reasons }).catch(() => []);
      await nodes.remove();
      throw withHint(error, more);
    }
  }
}

/** Finds the nodes of a run that another orchestrator started. */
export async function attachRun(folder: RunFolder, launcher: Launcher): Promise<RunningRun> {
  const nodes = await launcher.attach(folder);
  const [first] = await nodes.look();
  const start = first && (await readNodeJson<NodeStart>(first, NODE_FILES.start));
  if (start) return new RunningRun(folder, nodes, start.atMs);
  throw new LoadsError('ERR_RUN_DAMAGED', `run ${folder.record.run} was never started`, { hint: 'run it anew' });
}

type AllReady = {
  /** What the setup on node 1 returned. */
  readonly setup: unknown;
  /** How far the clock of each node is ahead at least, ms. */
  readonly aheadMs: Readonly<Record<string, number>>;
  /** How long it took to hear of all nodes, ms. */
  readonly lookMs: number;
};

/** Waits for every node, and passes on what the setup returned where fixtures wait for it. */
async function allReady(nodes: NodeGroup, count: number, signal: AbortSignal): Promise<AllReady> {
  const timeoutMs = READY_MS + READY_PER_NODE_MS * count;
  const deadline = performance.now() + timeoutMs;
  let passed = false;
  let waiting: readonly NodeView[] = [];
  const aheadMs: Record<string, number> = {};
  for (let pollMs = FIRST_POLL_MS; performance.now() < deadline; pollMs = Math.min(pollMs * 1.5, nodes.pollMs)) {
    signal.throwIfAborted();
    const askedMs = performance.now();
    const views = await nodes.look();
    const readies = await Promise.all(views.map((view) => ready(view)));
    for (const [i, one] of readies.entries()) {
      // What is read was written before: by how much a clock denies that, it is ahead.
      const node = views[i]?.node;
      if (one?.nowMs !== undefined && node !== undefined) aheadMs[node] ??= Math.round(one.nowMs - Date.now());
    }
    if (readies.every((one) => one !== undefined)) {
      return { setup: readies[0]?.setup, aheadMs, lookMs: performance.now() - askedMs };
    }
    waiting = views.filter((_, i) => readies[i] === undefined);
    const [first] = views;
    const data: NodeData | undefined =
      passed || !first ? undefined : await readNodeJson<NodeData>(first, NODE_FILES.setup);
    if (data) await nodes.write(NODE_FILES.data, data);
    passed ||= data !== undefined;
    await sleep(pollMs);
  }
  const node = waiting[0]?.node;
  throw new LoadsError('ERR_NODE_START', `node ${node} was not ready within ${Math.round(timeoutMs / 1000)} s`);
}

async function ready(view: NodeView): Promise<NodeReady | undefined> {
  const { node, sidecar } = view;
  const found = await readNodeJson<NodeReady>(view, NODE_FILES.ready);
  if (found) return found;
  const failed = await readNodeJson<ReportedError>(view, NODE_FILES.failed);
  if (failed) throw nodeError(node, failed);
  if (!sidecar) throw new LoadsError('ERR_NODE_START', `node ${node} ended before it was ready`);
  return undefined;
}

function nodeError(node: number, { code, message, hint, stack }: ReportedError): LoadsError {
  const cause = new Error(message);
  if (stack !== undefined) cause.stack = stack;
  const known = (code in ERRORS ? code : 'ERR_NODE_START') as ErrorCode;
  const where = ERRORS[known].exitCode === ERRORS.ERR_NODE_START.exitCode ? `node ${node}: ` : '';
  return new LoadsError(known, `${where}${message}`, { hint, cause });
}
