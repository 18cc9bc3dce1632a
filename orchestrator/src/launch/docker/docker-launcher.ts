import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { LoadsError, NODE_FILES, type RunPlan } from '@loads/core';
import { Engine } from '../../engine/engine.ts';
import { gatherProject, NO_PROJECT, type Project } from '../../project/project.ts';
import type { RunFolder, RunRecord } from '../../store/run-folder.ts';
import { FolderNodes } from '../folder-nodes.ts';
import { type Launcher, type LaunchOptions, type NodeGroup, nodeNumbers } from '../launcher.ts';
import { notBegun, windDown } from '../wind-down.ts';
import { DockerNodes, type EngineShare } from './docker-nodes.ts';
import type { DockerSettings } from './docker-settings.ts';
import { removeRun } from './engine-nodes.ts';
import { sharesOf } from './find-runs.ts';
import { LABEL } from './labels.ts';
import { launchOnEngine } from './launch-on-engine.ts';
import type { NodeSetting } from './node-containers.ts';
import { type NodeImages, nodeImages } from './node-images.ts';
import { fewFilesNote, openFiles } from './open-files.ts';
import { ownerLabel } from './owner.ts';

export type DockerOptions = {
  readonly settings: DockerSettings;
  readonly env: NodeJS.ProcessEnv;
  /** The folder that the scenario comes from. */
  readonly directory: string;
  /** Whether there is a configuration, so that its folder is what the run is about. */
  readonly configured: boolean;
  /** The engines of the settings, if somebody has begun to look for them. */
  readonly engines?: Promise<readonly Engine[]> | undefined;
};

type Prepared = {
  readonly engines: readonly Engine[];
  readonly images: NodeImages;
  readonly project: Project;
};

/** Runs each node as two containers, of which the second is in the network namespace of the first. */
export class DockerLauncher implements Launcher {
  readonly name = 'docker';
  readonly #options: DockerOptions;
  #prepared: Prepared | undefined;

  constructor(options: DockerOptions) {
    this.#options = options;
  }

  /** Sees to it that the engines, their images, the network and the project are there. Throws ERR_ENGINE, ERR_IMAGE or ERR_USAGE. */
  async prepare(plan: RunPlan, signal: AbortSignal): Promise<Pick<RunRecord, 'docker'>> {
    const { settings, env, directory, configured, engines: found } = this.#options;
    // Of a program in an image of its own the current folder says nothing.
    const bare = plan.scenario.kind === 'command' && settings.image !== undefined && !configured;
    const [engines, project] = await Promise.all([
      found ?? enginesOf(settings.hosts, env),
      bare ? NO_PROJECT : gatherProject(plan, directory),
    ]);
    const [images] = await Promise.all([
      nodeImages(engines, plan, settings.image, signal),
      ...engines.map((engine) => mustHaveNetwork(engine, settings.network)),
    ]);
    this.#prepared = { engines, images, project };
    return { docker: { hosts: engines.map(({ address }) => address), foreign: images.foreign } };
  }

  async launch(folder: RunFolder, { signal, atOnce, onLaunched, onNote }: LaunchOptions): Promise<NodeGroup> {
    const { record } = folder;
    if (!this.#prepared) await this.prepare(record.plan, signal);
    if (!this.#prepared) throw new Error('nothing is prepared');
    const { engines, images, project } = this.#prepared;
    let launched = 0;
    const onNode = (): void => {
      launched += 1;
      onLaunched(launched);
    };
    const numbers = nodeNumbers(record.plan.nodes);
    const [owner, nofile] = await Promise.all([ownerLabel(), openFiles(engines)]);
    try {
      const outcomes = await Promise.allSettled(
        engines.map(async (engine, i): Promise<readonly EngineShare[]> => {
          const share = numbers.filter((node) => (node - 1) % engines.length === i);
          if (share.length === 0) return [];
          const setting = settingOf(record.run, i, engines.length, owner, this.#options.settings, images, nofile);
          const launch = { engine, record, setting, numbers: share, images, project, signal, onNode };
          const nodes = await launchOnEngine(launch);
          const note = fewFilesNote(nodes.nofile, record.plan, engine.address);
          if (note !== undefined) onNote?.(note);
          return [nodes];
        }),
      );
      const shares = outcomes.flatMap((one): readonly EngineShare[] => {
        if (one.status === 'rejected') throw one.reason;
        return one.value;
      });
      signal.throwIfAborted();
      return new DockerNodes(shares, join(folder.path, 'nodes'), images.foreign);
    } catch (error) {
      // Some nodes may be at their setup already.
      const begun = sharesOf(engines, record.run).then(async (shares) => {
        const nodes = new DockerNodes(shares, join(folder.path, 'nodes'), images.foreign);
        await windDown(nodes, { stop: notBegun(signal), gracefulStopMs: record.plan.gracefulStopMs, atOnce });
      });
      await begun.catch(() => undefined);
      await Promise.allSettled(engines.map((engine) => removeRun(engine, record.run)));
      signal.throwIfAborted();
      throw error;
    }
  }

  async attach(folder: RunFolder): Promise<NodeGroup> {
    const { run, plan, docker } = folder.record;
    const found = enginesOf(docker?.hosts ?? this.#options.settings.hosts, this.#options.env);
    const engines = await found.catch(async (error: unknown) => {
      // The folder may have come to a machine without them: all that they could give is in it.
      if (await hasAllResults(folder)) return [];
      throw error;
    });
    const shares = await sharesOf(engines, run);
    if (shares.length === 0) return new FolderNodes(folder);
    const foreign = plan.scenario.kind === 'command' && docker?.foreign === true;
    return new DockerNodes(shares, join(folder.path, 'nodes'), foreign);
  }
}

/** The engines at these addresses, or the one of DOCKER_HOST or of this machine. Throws ERR_ENGINE. */
export async function enginesOf(hosts: readonly string[], env: NodeJS.ProcessEnv): Promise<readonly Engine[]> {
  const addresses = hosts.length === 0 ? [undefined] : hosts;
  return await Promise.all(addresses.map((address) => Engine.connect(address, env)));
}

async function hasAllResults(folder: RunFolder): Promise<boolean> {
  const results = nodeNumbers(folder.record.plan.nodes).map((node) => join(folder.nodeDir(node), NODE_FILES.result));
  return await Promise.all(results.map((path) => access(path))).then(
    () => true,
    () => false,
  );
}

async function mustHaveNetwork(engine: Engine, network: string | undefined): Promise<void> {
  if (network === undefined || (await engine.hasNetwork(network))) return;
  throw new LoadsError('ERR_USAGE', `there is no network '${network}' on ${engine.address}`, {
    hint: '`docker network ls` shows what there is; that of a compose project is called <project>_default',
  });
}

/** What the run has on one of several engines; two addresses may lead to the same engine, so the names differ. */
function settingOf(
  run: string,
  index: number,
  engines: number,
  owner: string,
  settings: DockerSettings,
  images: NodeImages,
  nofile: number,
): NodeSetting {
  const prefix = engines === 1 ? `loads-${run}` : `loads-${run}-host${index + 1}`;
  const labels = { [LABEL.run]: run, [LABEL.owner]: owner };
  return { prefix, labels, network: settings.network ?? prefix, settings, images, nofile };
}
