import { LoadsError } from '@loads/core';
import type { Engine } from '../engine/engine.ts';
import { DockerLauncher, enginesOf } from '../launch/docker/docker-launcher.ts';
import type { EngineShare } from '../launch/docker/docker-nodes.ts';
import { DEFAULT_PIDS } from '../launch/docker/docker-settings.ts';
import { dockerRuns, nodesOf, recordOf, sharesOf } from '../launch/docker/find-runs.ts';
import type { Launcher, NodeGroup } from '../launch/launcher.ts';
import { launcherOf } from '../launch/registry.ts';
import { RunFolder, type RunRecord } from '../store/run-folder.ts';

/** Where runs are looked for: the folder of runs, and the engines. */
export type RunPlaces = { readonly root: string; readonly hosts: readonly string[]; readonly env: NodeJS.ProcessEnv };

/** A run that was found in its folder, or by its labels alone. */
export type KnownRun = {
  readonly run: string;
  /** Its folder; of a run that has none here a new one is made. */
  folder(): Promise<RunFolder>;
  readonly launcher: Launcher;
  /** What was planned. */
  record(): Promise<RunRecord>;
  /** Its nodes, as far as they are to be told or asked something. */
  nodes(): Promise<NodeGroup>;
  /** What engines have of it. */
  readonly shares: readonly EngineShare[];
};

/**
 * Finds a run by its id, the beginning of its id, or its folder; without a name the newest. What is not in the folder of
 * runs is looked for on the engines. Throws ERR_RUN_UNKNOWN, or ERR_RUN_DAMAGED.
 */
export async function knownRun(name: string | undefined, places: RunPlaces): Promise<KnownRun> {
  try {
    return await runWithFolder(await RunFolder.open(places.root, name), places);
  } catch (error) {
    if (!(error instanceof LoadsError) || error.code !== 'ERR_RUN_UNKNOWN') throw error;
    const engines = await enginesOf(places.hosts, places.env).catch(() => []);
    const runs = [...new Set((await dockerRuns(engines)).map(({ run }) => run))].sort();
    const matches = name === undefined ? runs.slice(-1) : runs.filter((run) => run.startsWith(name));
    const [run, ...more] = matches.includes(name ?? '') ? [name ?? ''] : matches;
    if (run === undefined || more.length > 0) throw error;
    return await runByLabels(run, engines, places);
  }
}

async function runWithFolder(folder: RunFolder, places: RunPlaces): Promise<KnownRun> {
  const { run, launcher: name, docker } = folder.record;
  const launcher = launcherOf(name, optionsOf(places));
  const hosts = docker?.hosts ?? places.hosts;
  // Its files may be all that there is of it.
  const engines = name === 'docker' ? await enginesOf(hosts, places.env).catch(() => []) : [];
  const shares = await sharesOf(engines, run);
  return {
    run,
    launcher,
    shares,
    record: async () => folder.record,
    folder: async () => folder,
    nodes: () => launcher.attach(folder),
  };
}

async function runByLabels(run: string, engines: readonly Engine[], places: RunPlaces): Promise<KnownRun> {
  const shares = await sharesOf(engines, run);
  return {
    run,
    launcher: new DockerLauncher(optionsOf(places)),
    shares,
    record: () => recordOf(shares, run),
    folder: async () => RunFolder.create(places.root, await recordOf(shares, run)),
    nodes: async () => nodesOf(shares),
  };
}

function optionsOf({ hosts, env }: RunPlaces): ConstructorParameters<typeof DockerLauncher>[0] {
  return { settings: { hosts, pids: DEFAULT_PIDS }, env, directory: '', configured: false };
}
