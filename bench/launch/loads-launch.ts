import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { Started } from './started.ts';

const BIN = join(import.meta.dirname, '../../orchestrator/bin/loads.js');

export type Launched = {
  /** From the command to the start of the last container, ms. */
  readonly ms: number;
  /** Of these: before the first container of a node was created. */
  readonly beforeMs: number;
  /** How its containers were made. */
  readonly specs: readonly Docker.ContainerCreateOptions[];
  /** What its nodes were given, as archives by the folder that they go to. */
  readonly files: ReadonlyMap<string, Buffer>;
};

/** Runs `loads run --on docker` until all nodes are started, and stops it. `dir` has the scenario `idle.ts`. */
export async function launchWithLoads(docker: Docker, nodes: number, dir: string): Promise<Launched> {
  using started = await Started.watch(docker, 'loads.node');
  const begunMs = performance.now();
  const args = [BIN, 'run', 'idle.ts', '--on', 'docker', '--nodes', String(nodes), '-d', '10m', '-q'];
  const child = spawn(process.execPath, args, { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] });
  const complaints: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  const ended = once(child, 'close');
  try {
    const atMs = await Promise.race([started.all(nodes * 2), ended.then(() => undefined)]);
    if (atMs === undefined) throw new Error(`loads ended early: ${Buffer.concat(complaints).toString()}`);
    const beforeMs = (started.createdAtMs ?? atMs) - begunMs;
    return { ms: atMs - begunMs, beforeMs, specs: await specsOf(docker), files: await filesOf(docker) };
  } finally {
    child.kill('SIGINT');
    await ended;
  }
}

/** What the engine was asked for, for each container of the nodes that run now: the sidecars first. */
async function specsOf(docker: Docker): Promise<readonly Docker.ContainerCreateOptions[]> {
  const found = await docker.listContainers({ filters: { label: ['loads.node'] } });
  const infos = await Promise.all(found.map(({ Id }) => docker.getContainer(Id).inspect()));
  return infos
    .map(
      ({ Name, Config, HostConfig }) =>
        ({ ...Config, name: Name.slice(1), HostConfig }) as Docker.ContainerCreateOptions,
    )
    .toSorted(
      (a, b) =>
        (b.name ?? '')
          .split('-')
          .at(-1)
          ?.localeCompare((a.name ?? '').split('-').at(-1) ?? '') ?? 0,
    );
}

/** The orders and the project, before a node has added to them. */
async function filesOf(docker: Docker): Promise<ReadonlyMap<string, Buffer>> {
  const [holder] = await docker.listContainers({ all: true, filters: { label: ['loads.role=files'] } });
  if (!holder) throw new Error('the run has no files');
  const container = docker.getContainer(holder.Id);
  const archiveOf = async (path: string): Promise<Buffer> => await buffer(await container.getArchive({ path }));
  return new Map([
    ['/loads', await archiveOf('/loads/nodes')],
    ['/', await archiveOf('/scenario')],
  ]);
}
