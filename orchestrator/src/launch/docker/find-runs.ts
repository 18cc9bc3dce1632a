import { LoadsError } from '@loads/core';
import type { Engine, FoundContainer } from '../../engine/engine.ts';
import { parseRecord, type RunRecord } from '../../store/run-folder.ts';
import type { NodeGroup } from '../launcher.ts';
import { DockerNodes, type EngineShare } from './docker-nodes.ts';
import { EngineNodes, RECORD_FILE } from './engine-nodes.ts';
import { LABEL, ofRun } from './labels.ts';
import { ownerLives } from './owner.ts';

const RUNNING: readonly string[] = ['running', 'paused', 'restarting'];
/** How long what another machine's process launches may take before it counts as left behind, ms. */
const LAUNCH_MS = 600_000;

/** A run of which an engine has something, as its labels tell. */
export type DockerRun = {
  readonly run: string;
  readonly engine: Engine;
  /** `running`: a node works; `launching`: they are being made, or collected; `ended`: nobody cares for it. */
  readonly state: 'running' | 'launching' | 'ended';
  readonly nodes: number;
  readonly running: number;
};

/** The runs of which engines have something: containers, or what was left of a run without any. */
export async function dockerRuns(engines: readonly Engine[]): Promise<readonly DockerRun[]> {
  const runs = (await Promise.all(engines.map((engine) => runsOn(engine)))).flat();
  // Two addresses may lead to one engine, and one run may be on several.
  return runs.filter(({ run }, i) => runs.findIndex((one) => one.run === run) === i || engines.length > 1);
}

/** The shares that engines have of a run, one for each container that holds its files. */
export async function sharesOf(engines: readonly Engine[], run: string): Promise<readonly EngineShare[]> {
  const all = (await Promise.all(engines.map((engine) => sharesOn(engine, run)))).flat();
  return [...new Map(all.map((share) => [share.id, share])).values()];
}

/** The nodes of shares, for those who only tell them something. */
export function nodesOf(shares: readonly EngineShare[]): NodeGroup {
  return new DockerNodes(shares, '', false);
}

/** The record of a run, which lies beside its nodes. Throws ERR_RUN_DAMAGED. */
export async function recordOf(shares: readonly EngineShare[], run: string): Promise<RunRecord> {
  for (const { nodes } of shares) {
    const bytes = await nodes.read(RECORD_FILE);
    if (bytes) return parseRecord(new TextDecoder().decode(bytes), run);
  }
  throw new LoadsError('ERR_RUN_DAMAGED', `run ${run} was never launched`, {
    hint: '`loads gc` removes what is left of it',
  });
}

async function sharesOn(engine: Engine, run: string): Promise<readonly (EngineShare & { readonly id: string })[]> {
  const containers = await engine.containers(ofRun(run));
  return containers
    .filter(({ labels }) => labels[LABEL.role] === 'files')
    .map((files) => {
      const prefix = files.name.replace(/-files$/, '');
      const mine = containers.filter(({ name }) => name.startsWith(`${prefix}-`));
      const numbers = new Set(mine.flatMap(({ labels }) => Number(labels[LABEL.node]) || []));
      const nodes = new EngineNodes(engine, run, prefix, files.id);
      return { id: files.id, nodes, numbers: [...numbers].sort((a, b) => a - b) };
    });
}

async function runsOn(engine: Engine): Promise<readonly DockerRun[]> {
  const [containers, networks, volumes] = await Promise.all([
    engine.containers([LABEL.run]),
    engine.networks([LABEL.run]),
    engine.volumes([LABEL.run]),
  ]);
  const byRun = Map.groupBy([...containers, ...networks, ...volumes], ({ labels }) => labels[LABEL.run] ?? '');
  return await Promise.all(
    [...byRun].map(async ([run, things]): Promise<DockerRun> => {
      const mine = containers.filter(({ labels }) => labels[LABEL.run] === run);
      const sidecars = mine.filter(({ labels }) => labels[LABEL.role] === 'sidecar');
      const running = sidecars.filter(({ state }) => RUNNING.includes(state)).length;
      const owner = things[0]?.labels[LABEL.owner] ?? '';
      const state = mine.some(({ state: one }) => RUNNING.includes(one)) ? 'running' : await stateOf(owner, mine);
      return { run, engine, state, nodes: sidecars.length, running };
    }),
  );
}

/** Of a run without a running container: whether somebody still cares for it. */
async function stateOf(owner: string, containers: readonly FoundContainer[]): Promise<'launching' | 'ended'> {
  const lives = await ownerLives(owner);
  if (lives !== undefined) return lives ? 'launching' : 'ended';
  const youngest = Math.max(0, ...containers.map(({ createdAtMs }) => createdAtMs));
  return Date.now() - youngest < LAUNCH_MS ? 'launching' : 'ended';
}
