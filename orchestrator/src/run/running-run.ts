import { setTimeout as sleep } from 'node:timers/promises';
import {
  addLiveStates,
  deadlineOf,
  type LiveState,
  type LiveTotals,
  LoadsError,
  NODE_FILES,
  type NodeState,
  type NodeStop,
} from '@loads/core';
import type { NodeHandle } from '../launch/launcher.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { FinishedRun } from './finished-run.ts';
import { readNodeJson, readNodeResult } from './node-files.ts';

const POLL_MS = 200;
/** For teardown, the database's drain and the last result, after the deadline of the plan. */
const GRACE_MS = 75_000;
/** How long nodes get to leave their result when they are to stop at once. */
const AT_ONCE_MS = 3000;

/** How far a run is. `totals` is undefined until a node has spoken. */
export type Progress = {
  readonly elapsedMs: number;
  readonly totals: LiveTotals | undefined;
  readonly nodesRunning: number;
};

/** A run whose nodes work. They would go on without this: it only watches, passes on a stop, and collects. */
export class RunningRun {
  readonly #folder: RunFolder;
  readonly #nodes: readonly NodeHandle[];
  readonly #startMs: number;
  #stopped = false;
  #killAtMs: number;

  constructor(folder: RunFolder, nodes: readonly NodeHandle[], startMs: number) {
    this.#folder = folder;
    this.#nodes = nodes;
    this.#startMs = startMs;
    this.#killAtMs = startMs + deadlineOf(folder.record.plan) + GRACE_MS;
  }

  /** Lets iterations in flight end, or cuts them. */
  async stop({ graceful }: NodeStop): Promise<void> {
    this.#stopped = true;
    if (!graceful) this.#killAtMs = Math.min(this.#killAtMs, Date.now() + AT_ONCE_MS);
    await Promise.all(this.#nodes.map((node) => node.write(NODE_FILES.stop, { graceful })));
  }

  /** Ends every process of the run now; what a node has checkpointed stays. */
  async kill(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#nodes.map((node) => node.kill()));
  }

  /** Watches until every node has ended, and reads what they left. Calls `onProgress` several times a second. */
  async finish(onProgress: (progress: Progress) => void): Promise<FinishedRun> {
    for (;;) {
      const lives = await Promise.all(this.#nodes.map((node) => node.alive()));
      const running = this.#nodes.filter((_, i) => lives[i]?.sidecar);
      // What a killed sidecar or a foreign program left would be load that nobody measures.
      await Promise.all(this.#nodes.filter((node) => !running.includes(node)).map((node) => node.kill()));
      if (running.length === 0) break;
      if (Date.now() > this.#killAtMs) await Promise.all(running.map((node) => node.kill()));
      onProgress(await this.#progress(running.length));
      await sleep(POLL_MS);
    }
    const states = await Promise.all(this.#nodes.map(collect));
    const stops = await Promise.all(this.#nodes.map((node) => node.read(NODE_FILES.stop)));
    const stopped = this.#stopped || stops.some((stop) => stop !== undefined);
    return new FinishedRun(this.#folder, states, stopped);
  }

  async #progress(nodesRunning: number): Promise<Progress> {
    // A live state that cannot be read is no reason to end a run: it is only shown.
    const live = await Promise.all(
      this.#nodes.map((node) => readNodeJson<LiveState>(node, NODE_FILES.live).catch(() => undefined)),
    );
    const states = live.flatMap((state) => (state ? [state] : []));
    return {
      elapsedMs: Math.max(0, Date.now() - this.#startMs),
      totals: states.length === 0 ? undefined : addLiveStates(states),
      nodesRunning,
    };
  }
}

async function collect(handle: NodeHandle): Promise<NodeState> {
  const { node } = handle;
  try {
    const result = await readNodeResult(handle);
    if (!result) return { node, lost: 'it ended before it left a result' };
    if (!result.final) {
      const until = new Date(result.endedAtMs).toISOString().slice(11, 19);
      return { node, result, lost: `its sidecar ended early; what is kept ends at ${until} UTC` };
    }
    if (result.scenario === 'lost') return { node, result, lost: 'its scenario process ended early' };
    return { node, result };
  } catch (error) {
    if (!(error instanceof LoadsError)) throw error;
    return { node, lost: error.message };
  }
}
