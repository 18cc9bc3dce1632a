import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import type { Launched } from './loads-launch.ts';

const LABEL = 'loads.bench';
let launches = 0;

/**
 * Creates and starts the same containers with nothing but the client: all nodes at once, of each the sidecar and then the
 * scenario in its network namespace. The network and the files are there before. Gives how long it took, ms, and removes
 * all.
 */
export async function launchBare(docker: Docker, { specs, files }: Omit<Launched, 'ms' | 'beforeMs'>): Promise<number> {
  launches += 1;
  const network = `loads-bench-${process.pid}-${launches}`;
  const nodes = Map.groupBy(specs, ({ Labels }) => Labels?.['loads.node'] ?? '');
  const made = await docker.createNetwork({ Name: network, Labels: { [LABEL]: network } });
  try {
    await bring(docker, specs, files, [...nodes.keys()], network);
    const begunMs = performance.now();
    const outcomes = await Promise.allSettled([...nodes].map(([node, both]) => start(docker, node, both, network)));
    const tookMs = performance.now() - begunMs;
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return tookMs;
  } finally {
    await removeAll(docker, network);
    // An engine under load may have lost track of an interface of a container that is gone.
    await made.remove().catch((error: unknown) => console.error(String(error)));
  }
}

/** Puts the files into the volumes that the nodes will have. */
async function bring(
  docker: Docker,
  [spec]: Launched['specs'],
  files: Launched['files'],
  nodes: readonly string[],
  network: string,
): Promise<void> {
  if (!spec) throw new Error('there is nothing to launch');
  const writable = moved(spec, 'files', network, undefined);
  const mounts = writable.HostConfig?.Mounts?.map((mount) => ({ ...mount, ReadOnly: false }));
  const holder = await docker.createContainer({
    ...writable,
    HostConfig: { NetworkMode: 'none', ...(mounts && { Mounts: mounts }) },
  });
  const state = pack();
  for (const node of nodes) state.entry({ name: `loads/state/${node}`, type: 'directory', uid: 1000, gid: 1000 });
  state.finalize();
  await holder.putArchive(await buffer(state), { path: '/' });
  for (const [path, archive] of files) await holder.putArchive(archive, { path });
}

async function start(
  docker: Docker,
  node: string,
  both: readonly Docker.ContainerCreateOptions[],
  network: string,
): Promise<void> {
  let sidecar: string | undefined;
  for (const spec of both.toSorted((a, b) => roleRank(a) - roleRank(b))) {
    const container = await docker.createContainer(moved(spec, node, network, sidecar));
    await container.start();
    sidecar ??= container.id;
  }
}

function roleRank({ Labels }: Docker.ContainerCreateOptions): number {
  return Labels?.['loads.role'] === 'sidecar' ? 0 : 1;
}

/** The same container under another name, on another network and with volumes of its own. */
function moved(
  { Labels: _, NetworkingConfig: __, Hostname: ___, ...spec }: Docker.ContainerCreateOptions,
  node: string,
  network: string,
  sidecar: string | undefined,
): Docker.ContainerCreateOptions {
  const labels = { [LABEL]: network };
  const mounts = spec.HostConfig?.Mounts?.map((mount) => ({ ...mount, Source: `${network}-${mount.Target.slice(1)}` }));
  return {
    ...spec,
    name: `${network}-${node}-${sidecar === undefined ? 'sidecar' : 'scenario'}`,
    Labels: labels,
    HostConfig: {
      ...spec.HostConfig,
      NetworkMode: sidecar === undefined ? network : `container:${sidecar}`,
      ...(mounts && {
        Mounts: mounts.map((mount) => ({ ...mount, VolumeOptions: { ...mount.VolumeOptions, Labels: labels } })),
      }),
    } as NonNullable<Docker.ContainerCreateOptions['HostConfig']>,
  };
}

async function removeAll(docker: Docker, network: string): Promise<void> {
  const filters = { label: [`${LABEL}=${network}`] };
  const containers = await docker.listContainers({ all: true, filters });
  // Scenarios first, and one after the other: all at once makes the engine lose track of interfaces.
  const sidecarsLast = containers.toSorted((a, b) => Number(isSidecar(a)) - Number(isSidecar(b)));
  for (const { Id } of sidecarsLast) await docker.getContainer(Id).remove({ force: true, v: true });
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  await Promise.all((volumes ?? []).map(({ Name }) => docker.getVolume(Name).remove()));
}

function isSidecar({ Names }: Docker.ContainerInfo): boolean {
  return Names.some((name) => name.endsWith('-sidecar'));
}
