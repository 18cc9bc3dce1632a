import Docker from 'dockerode';
import { removeLabelled } from '../support/docker.ts';

export const engine: Docker = new Docker();

const OWNER = 'loads.owner';
const RUN = 'loads.run';

/** A container that `loads` made. */
export type Made = {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly labels: Record<string, string>;
};

/** The containers of a run, by its id. */
export async function containersOf(run: string): Promise<readonly Made[]> {
  const found = await engine.listContainers({ all: true, filters: { label: [`${RUN}=${run}`] } });
  return found.map(({ Id, Names, State, Labels }) => ({ id: Id, name: Names[0] ?? '', state: State, labels: Labels }));
}

/** One process of one node. Throws when it is not there. */
export async function containerOf(run: string, node: number, role: 'sidecar' | 'scenario'): Promise<Docker.Container> {
  const found = (await containersOf(run)).find(
    ({ labels }) => labels['loads.node'] === String(node) && labels['loads.role'] === role,
  );
  if (!found) throw new Error(`run ${run} has no ${role} of node ${node}`);
  return engine.getContainer(found.id);
}

/** The names of all containers, networks and volumes that this process has made and that are still there. */
export async function madeBy(pid: number): Promise<readonly string[]> {
  const filters = { label: [OWNER] };
  const mine = ({ Labels }: { Labels?: Record<string, string> | undefined }): boolean =>
    Labels?.[OWNER]?.split('/')[1] === String(pid);
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    engine.listContainers({ all: true, filters }),
    engine.listNetworks({ filters }),
    engine.listVolumes({ filters }),
  ]);
  return [
    ...containers.filter(mine).map(({ Names }) => Names[0] ?? ''),
    ...networks.filter(mine).map(({ Name }) => Name),
    ...(volumes ?? []).filter(mine).map(({ Name }) => Name),
  ];
}

/** Removes what a test may have left of a run. */
export async function removeRun(run: string): Promise<void> {
  await removeLabelled(`${RUN}=${run}`);
}
