import { formatAddress, LoadsError, NODE_FILES, type NodePorts, programEnvironment, type RunPlan } from '@loads/core';
import type { ArchiveFile } from '../../engine/archive.ts';
import type { Engine } from '../../engine/engine.ts';
import { EngineRefusal } from '../../engine/engine-error.ts';
import { inParallel } from '../../engine/in-parallel.ts';
import type { Project } from '../../project/project.ts';
import type { RunRecord } from '../../store/run-folder.ts';
import type { EngineShare } from './docker-nodes.ts';
import { AT_ONCE, EngineNodes, RECORD_FILE } from './engine-nodes.ts';
import {
  containerName,
  filesContainer,
  type NodeSetting,
  PLACES,
  type ScenarioContainer,
  scenarioContainer,
  sidecarContainer,
} from './node-containers.ts';
import type { NodeImages } from './node-images.ts';
import { nodeOrder, planInContainer } from './node-order.ts';
import { nodePorts } from './node-ports.ts';

const LOOPBACK = '127.0.0.1';

export type EngineLaunch = {
  readonly engine: Engine;
  readonly record: RunRecord;
  readonly setting: NodeSetting;
  /** The nodes that this engine gets. */
  readonly numbers: readonly number[];
  readonly images: NodeImages;
  readonly project: Project;
  readonly signal: AbortSignal;
  readonly onNode: () => void;
};

/**
 * Creates and starts the nodes of a run that one engine gets. No container waits until another is ready: a sidecar waits
 * for its order, and a scenario for its sidecar. A foreign program is only created. What is there when this throws is
 * left to the caller.
 */
export async function launchOnEngine(launch: EngineLaunch): Promise<EngineShare> {
  const { engine, record, setting, numbers, signal } = launch;
  const [first] = numbers;
  if (first === undefined) throw new Error('an engine without nodes');
  const own = setting.settings.network === undefined;
  const [files] = await allDone([
    engine.createContainer(filesContainer(setting)),
    own ? createNetwork(engine, setting) : Promise.resolve(),
  ]);
  signal.throwIfAborted();
  const nodes = new EngineNodes(engine, record.run, setting.prefix, files);
  const brought = nodes.put(filesOf(launch));
  // Where more open files are asked for than an engine may have, the first node shows it, and the others wait for it.
  const probed = setting.nofile === undefined ? undefined : first;
  const starting = probed === undefined ? Promise.resolve(launch) : startFirst(launch, probed);
  await allDone([
    brought,
    starting.then(async (possible) => {
      await inParallel(numbers, AT_ONCE, async (node) => {
        signal.throwIfAborted();
        if (node !== probed) await startSidecar(possible, node);
        await brought;
        await startScenario(possible, node);
      });
    }),
  ]);
  return { nodes, numbers };
}

/**
 * Starts the first sidecar, and gives the launch as the engine allows it: one that runs in a container itself may not
 * give more open files than it has been given, and says so only when a container starts.
 */
async function startFirst(launch: EngineLaunch, node: number): Promise<EngineLaunch> {
  const { engine, setting } = launch;
  try {
    await startSidecar(launch, node);
    return launch;
  } catch (error) {
    const refused = error instanceof LoadsError && error.cause instanceof EngineRefusal && /rlimit/.test(error.message);
    if (!refused) throw error;
    await engine.removeContainer(containerName(setting, node, 'sidecar'));
    const lower = { ...launch, setting: { ...setting, nofile: undefined } };
    await startSidecar(lower, node);
    return lower;
  }
}

async function startSidecar({ engine, setting }: EngineLaunch, node: number): Promise<void> {
  try {
    await engine.start(await engine.createContainer(sidecarContainer(setting, node)));
  } catch (cause) {
    throw nodeError(cause, node);
  }
}

async function startScenario(
  { engine, record, setting, images, project, onNode }: EngineLaunch,
  node: number,
): Promise<void> {
  const { run, plan } = record;
  const ports = nodePorts(plan, node, setting.network === 'host');
  try {
    const program = programOf({ run, node, plan, ports, images, project });
    const container = await engine.createContainer(scenarioContainer(setting, node, program));
    if (!images.foreign) await engine.start(container);
  } catch (cause) {
    throw nodeError(cause, node);
  }
  onNode();
}

type NodeProgram = {
  readonly run: string;
  readonly node: number;
  readonly plan: RunPlan;
  readonly ports: NodePorts;
  readonly images: NodeImages;
  readonly project: Project;
};

/** What the scenario's container runs, and what it is told. */
function programOf({ run, node, plan, ports, images, project }: NodeProgram): ScenarioContainer {
  if (!images.foreign || plan.scenario.kind !== 'command') {
    const env = { ...plan.env, LOADS_LINK: `${LOOPBACK}:${ports.link}` };
    return { env, workingDir: `${PLACES.scenario}/${project.directory}`, command: undefined };
  }
  const proxies = Object.fromEntries(
    Object.entries(ports.proxies).map(([name, port]) => [name, formatAddress({ host: LOOPBACK, port })]),
  );
  const statsd = `${LOOPBACK}:${ports.statsd}`;
  // Its own home may belong to another user, and nothing but /tmp can be written.
  const env = { HOME: '/tmp', ...programEnvironment({ run, node, plan, statsd, proxies }) };
  return { env, workingDir: undefined, command: plan.scenario.command };
}

/** All that the nodes of an engine get, as one archive: their folders and orders, the run's record, and the project. */
function filesOf({ record, setting, numbers, images, project }: EngineLaunch): readonly ArchiveFile[] {
  const { run, plan } = record;
  const own = planInContainer(plan, project);
  const shared = setting.network === 'host';
  const folders = numbers.flatMap((node): readonly ArchiveFile[] => [
    { path: `${PLACES.nodes}/${node}`, mode: 0o700 },
    { path: `${PLACES.state}/${node}`, mode: 0o700 },
  ]);
  const orders = numbers.map((node): ArchiveFile => {
    const order = nodeOrder(
      { run, node, plan: own },
      { ports: nodePorts(plan, node, shared), foreign: images.foreign },
    );
    const path = `${PLACES.nodes}/${node}/${NODE_FILES.order}`;
    return { path: `${path}.part`, content: JSON.stringify(order), mode: 0o600, appearsAs: path };
  });
  return [
    { path: PLACES.nodes },
    { path: PLACES.state },
    { path: RECORD_FILE, content: JSON.stringify(record), mode: 0o600 },
    ...project.files.map((file) => ({ ...file, path: `${PLACES.scenario}/${file.path}` })),
    ...folders,
    // Last: a sidecar that has its order begins, and needs the rest.
    ...orders,
  ];
}

async function createNetwork(engine: Engine, { network, labels }: NodeSetting): Promise<void> {
  try {
    await engine.createNetwork(network, labels);
  } catch (cause) {
    if (!(cause instanceof EngineRefusal)) throw cause;
    const full = /address pool/i.test(cause.message);
    throw new LoadsError('ERR_ENGINE', `${engine.address} makes no network for the run: ${cause.message}`, {
      hint: full
        ? 'remove networks that nobody uses (`loads gc`, `docker network prune`), or give one with --network'
        : undefined,
      cause,
    });
  }
}

/** Waits for all, so that nothing is still being made when one has failed. Gives what the first gave. */
async function allDone<First>([first, ...others]: readonly [Promise<First>, ...Promise<unknown>[]]): Promise<
  readonly [First]
> {
  const outcomes = await Promise.allSettled([first, ...others]);
  for (const one of outcomes) if (one.status === 'rejected') throw one.reason;
  return [await first];
}

function nodeError(cause: unknown, node: number): unknown {
  if (!(cause instanceof EngineRefusal)) return cause;
  return new LoadsError('ERR_NODE_START', `node ${node} could not be started: ${cause.message}`, { cause });
}
