import {
  type LiveState,
  LoadsError,
  NODE_FILES,
  type NodeScale,
  type NodeStart,
  plannedWorkers,
  type RunPlan,
  scalableGroup,
} from '@loads/core';
import type { NodeGroup, NodeView } from '../launch/launcher.ts';
import { readNodeJson } from './node-files.ts';

/** The workers of a run that works, over all nodes. */
export type RunWorkers = {
  /** How many it is to have: as the plan says, or as was set last. */
  readonly wanted: number;
  /** How many are at work, as the nodes said last. */
  readonly atWork: number;
};

type Working = { readonly run: string; readonly plan: RunPlan; readonly nodes: NodeGroup };

/** Looks how many workers a run has and is to have now (epoch ms). Throws ERR_USAGE where their number cannot be set. */
export async function workersOf({ run, plan, nodes }: Working, nowMs: number): Promise<RunWorkers> {
  const group = scalableGroup(plan);
  if ('obstacle' in group) {
    throw new LoadsError('ERR_USAGE', `the number of workers of ${run} cannot be set: ${group.obstacle}`, {
      hint: 'that is for runs whose load is workers over a time: `-w` with `-d`, cycles, or stages of workers',
    });
  }
  const views = await nodes.look();
  const [first] = views;
  if (!first || views.every(({ sidecar }) => !sidecar)) throw new LoadsError('ERR_USAGE', `${run} has ended`, HINT);
  const start = await readNodeJson<NodeStart>(first, NODE_FILES.start);
  if (!start || nowMs < start.atMs) throw new LoadsError('ERR_USAGE', `${run} has not begun yet`, HINT);
  const elapsedMs = nowMs - start.atMs;
  const { atMs, durationMs } = group;
  if (durationMs !== null && elapsedMs >= atMs + durationMs)
    throw new LoadsError('ERR_USAGE', `${run} is at its end: no further iteration begins`, HINT);
  const scale = await readNodeJson<NodeScale>(first, NODE_FILES.scale);
  const live = await Promise.all(views.map(liveOf));
  return {
    wanted: scale?.workers ?? plannedWorkers(plan, group, elapsedMs),
    atWork: live.reduce((sum, one) => sum + (one?.workers ?? 0), 0),
  };
}

/** Sets the number of workers on all nodes, from now on to the end of the plan. */
export async function scaleRun(nodes: NodeGroup, workers: number): Promise<void> {
  const scale: NodeScale = { workers };
  await nodes.write(NODE_FILES.scale, scale);
}

async function liveOf(view: NodeView): Promise<LiveState | undefined> {
  return await readNodeJson<LiveState>(view, NODE_FILES.live).catch(() => undefined);
}

const HINT = { hint: '`loads ps` shows the runs that work' };
