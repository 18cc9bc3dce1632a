import type { ContainerSpec, Labels } from '../../engine/engine.ts';
import type { DockerSettings } from './docker-settings.ts';
import { LABEL, type Role } from './labels.ts';

/** Where things are in the containers of a node. */
export const PLACES = {
  /** Volume of the run, for all sidecars: a folder for each node in `nodes`, and one in `state`. */
  loads: '/loads',
  nodes: '/loads/nodes',
  state: '/loads/state',
  /** Volume of the run with the project's files, which the nodes can only read. */
  scenario: '/scenario',
} as const;

const USER = '1000:1000';
/** What a container writes to its stdout is kept, but must not fill the disk. */
const LOGS = { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } };
/** A node tells how it is by its files; a process in every container every few seconds would be load on the generator. */
const NO_HEALTHCHECK = { Test: ['NONE'] };

/** What the containers of a run on one engine have in common. */
export type NodeSetting = {
  /** Begins the names of everything of the run. */
  readonly prefix: string;
  readonly labels: Labels;
  readonly network: string;
  readonly settings: DockerSettings;
  readonly images: { readonly sidecar: string; readonly scenario: string };
  /** The number of open files, where the engine may set it; undefined: what it gives by itself. */
  readonly nofile: number | undefined;
};

export function containerName({ prefix }: NodeSetting, node: number, role: Role): string {
  return `${prefix}-${node}-${role}`;
}

/** The container that is never started: whoever wants to read or write the run's files does it through this one. */
export function filesContainer(setting: NodeSetting): ContainerSpec {
  const { prefix, labels, images } = setting;
  return {
    name: `${prefix}-files`,
    Image: images.sidecar,
    Cmd: ['true'],
    User: USER,
    Labels: { ...labels, [LABEL.role]: 'files' },
    NetworkDisabled: true,
    HostConfig: { NetworkMode: 'none', Mounts: [volume(setting, 'loads', false), volume(setting, 'scenario', false)] },
  };
}

/** The sidecar of a node; its network namespace is the node's. */
export function sidecarContainer(setting: NodeSetting, node: number): ContainerSpec {
  const { network, images } = setting;
  const hosts = network === 'host' ? {} : { ExtraHosts: ['host.docker.internal:host-gateway'] };
  return {
    name: containerName(setting, node, 'sidecar'),
    Image: images.sidecar,
    Cmd: ['loads-sidecar', `${PLACES.nodes}/${node}`, `${PLACES.state}/${node}`],
    User: USER,
    Labels: labelsOf(setting, node, 'sidecar'),
    Healthcheck: NO_HEALTHCHECK,
    HostConfig: {
      ...confined(setting),
      ...hosts,
      NetworkMode: network,
      Mounts: [volume(setting, 'loads', false), volume(setting, 'scenario', true)],
    },
  };
}

export type ScenarioContainer = {
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string | undefined;
  /** What to run instead of the node runtime, which then has to end with its sidecar by other means than the link. */
  readonly command: readonly string[] | undefined;
};

/** The scenario of a node, which reaches statsd and the proxies on its loopback. */
export function scenarioContainer(
  setting: NodeSetting,
  node: number,
  { env, workingDir, command }: ScenarioContainer,
): ContainerSpec {
  const sidecar = `container:${containerName(setting, node, 'sidecar')}`;
  return {
    name: containerName(setting, node, 'scenario'),
    Image: setting.images.scenario,
    // As with `docker run`: what the image has as its entry point, if it has one, gets these words.
    Cmd: command ? [...command] : ['loads-node'],
    ...(workingDir !== undefined && { WorkingDir: workingDir }),
    User: USER,
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    Labels: labelsOf(setting, node, 'scenario'),
    Healthcheck: NO_HEALTHCHECK,
    HostConfig: {
      ...confined(setting),
      NetworkMode: sidecar,
      // The sidecar sees and signals the program here, and what is left of it dies with the sidecar.
      ...(command && { PidMode: sidecar }),
      Mounts: [volume(setting, 'scenario', true)],
    },
  };
}

function confined({ settings, nofile }: NodeSetting): NonNullable<ContainerSpec['HostConfig']> {
  const { memory, cpus, pids } = settings;
  return {
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    Tmpfs: { '/tmp': 'rw,nosuid,nodev,size=256m,mode=1777' },
    PidsLimit: pids,
    ...(nofile !== undefined && { Ulimits: [{ Name: 'nofile', Soft: nofile, Hard: nofile }] }),
    LogConfig: LOGS,
    ...(memory !== undefined && { Memory: memory, MemorySwap: memory }),
    ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
  };
}

function volume({ prefix, labels }: NodeSetting, name: 'loads' | 'scenario', readOnly: boolean) {
  return {
    Type: 'volume' as const,
    Source: `${prefix}-${name}`,
    Target: PLACES[name],
    ReadOnly: readOnly,
    VolumeOptions: { NoCopy: false, Labels: labels, DriverConfig: { Name: 'local', Options: {} } },
  };
}

function labelsOf({ labels }: NodeSetting, node: number, role: Role): Record<string, string> {
  return { ...labels, [LABEL.node]: String(node), [LABEL.role]: role };
}
