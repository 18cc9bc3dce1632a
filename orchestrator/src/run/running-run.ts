import { setTimeout as sleep } from 'node:timers/promises';
import {
  abortMetrics,
  abortOf,
  deadlineOf,
  type LiveState,
  type LiveTotals,
  NODE_FILES,
  type NodeStop,
  RunDigest,
  seriesFromJson,
} from '@loads/core';
import { FolderNodes } from '../launch/folder-nodes.ts';
import { type NodeGroup, type NodeView, nodeNumbers } from '../launch/launcher.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { FinishedRun } from './finished-run.ts';
import { LiveWatch } from './live-watch.ts';
import { readNodeJson } from './node-files.ts';
import { nodeState } from './node-state.ts';

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
  readonly #nodes: NodeGroup;
  readonly #startMs: number;
  readonly #live = new LiveWatch();
  #stopped = false;
  #failing = false;
  #killAtMs: number;

  constructor(folder: RunFolder, nodes: NodeGroup, startMs: number) {
    this.#folder = folder;
    this.#nodes = nodes;
    this.#startMs = startMs;
    this.#killAtMs = startMs + deadlineOf(folder.record.plan) + GRACE_MS;
  }

  /** Lets iterations in flight end, or cuts them. */
  async stop({ graceful }: NodeStop): Promise<void> {
    this.#stopped = true;
    if (!graceful) this.#killAtMs = Math.min(this.#killAtMs, Date.now() + AT_ONCE_MS);
    await this.#nodes.stop({ graceful });
  }

  /** Begins no further iteration on any node, as a run's first failure does with `-x`: what was measured is judged. */
  async giveUp(): Promise<void> {
    this.#failing = true;
    await this.#nodes.stop({ graceful: true, because: 'failure' });
  }

  /** Ends every process of the run now; what a node has checkpointed stays. */
  async kill(): Promise<void> {
    this.#stopped = true;
    await this.#nodes.kill();
  }

  /**
   * Watches until every node has ended, brings what they left into the run's folder and reads it, and removes the rest.
   * Calls `onProgress` as often as the nodes are looked at.
   */
  async finish(onProgress: (progress: Progress) => void): Promise<FinishedRun> {
    for (;;) {
      const views = await this.#nodes.look();
      const running = views.filter(({ sidecar }) => sidecar);
      // What a killed sidecar or a foreign program left would be load that nobody measures.
      await this.#nodes.kill(views.filter(({ sidecar }) => !sidecar).map(({ node }) => node));
      if (running.length === 0) break;
      if (Date.now() > this.#killAtMs) await this.#nodes.kill();
      const progress = await this.#progress(views, running.length);
      onProgress(progress);
      await this.#endAtFailure(progress);
      await this.#endAtThreshold(views);
      await sleep(this.#nodes.pollMs);
    }
    const reasons = await this.#nodes.collect();
    const folder = this.#folder;
    const nodes = new RunDigest(folder.record.plan);
    // One after the other: a thousand results at once do not fit into the memory.
    for (const node of nodeNumbers(folder.record.plan.nodes)) {
      nodes.add(await nodeState(node, folder.nodeDir(node), reasons.get(node)));
    }
    const stops = await Promise.all(
      (await new FolderNodes(folder).look()).map((view) => readNodeJson<NodeStop>(view, NODE_FILES.stop)),
    );
    const stopped = this.#stopped || stops.some((stop) => stop !== undefined && stop.because === undefined);
    const aborted = stops.find((stop) => stop?.abort !== undefined)?.abort;
    const leftOver = await this.#nodes.remove();
    return new FinishedRun(folder, nodes, { stopped, aborted, startMs: this.#startMs, leftOver });
  }

  async #progress(views: readonly NodeView[], nodesRunning: number): Promise<Progress> {
    const totals = await this.#live.totals(views);
    return { elapsedMs: Math.max(0, Date.now() - this.#startMs), totals, nodesRunning };
  }

  /** A threshold with `abortOnFail` ends the run on all nodes, when it does not hold over all of them. */
  async #endAtThreshold(views: readonly NodeView[]): Promise<void> {
    const { plan } = this.#folder.record;
    if (this.#failing || this.#stopped || abortMetrics(plan).size === 0) return;
    const live = await Promise.all(
      views.map((view) => readNodeJson<LiveState>(view, NODE_FILES.live).catch(() => undefined)),
    );
    const series = live.flatMap((one) => (one?.series ? [{ node: one.node, series: seriesFromJson(one.series) }] : []));
    // Over all nodes: what one has not said yet might speak for it. One that was lost before it spoke never will.
    if (views.some(({ sidecar }, i) => sidecar && !live[i]?.series)) return;
    const abort = abortOf(plan, series, Date.now() - this.#startMs);
    if (!abort) return;
    this.#failing = true;
    await this.#nodes.stop({ graceful: true, because: 'threshold', abort });
  }

  /** A run that ends with its first failure ends on all nodes, whichever it failed on. */
  async #endAtFailure({ totals }: Progress): Promise<void> {
    if (!this.#folder.record.plan.stopOnFailure || this.#failing || !totals || totals.iterationsFailed === 0) return;
    this.#failing = true;
    await this.#nodes.stop({ graceful: true, because: 'failure' });
  }
}
