import { formatAddress, LoadsError, NODE_FILES, type NodePorts, programEnvironment, type RunPlan } from '@loads/core';
import type { ArchiveFile } from '../../engine/archive.ts';
import type { Engine } from '../../engine/engine.ts';
import { EngineRefusal } from '../../engine/engine-error.ts';
import { inParallel } from '../../engine/in-parallel.ts';
import type { Project } from '../../project/project.ts';
import type { RunRecord } from '../../store/run-folder.ts';
import type { EngineShare } from './docker-nodes.ts';
import { EngineNodes, RECORD_FILE } from './engine-nodes.ts';
import {
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
import { fewerFiles, isLimitRefusal } from './open-files.ts';

const LOOPBACK = '127.0.0.1';
/** Nodes that are made, and then started, at a time: an engine that is slow because its machine is busy does more at once. */
const LAUNCHES_AT_ONCE = 20;

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

/** The nodes that an engine runs, and how many open files it lets each of their containers have. */
export type LaunchedShare = EngineShare & { readonly nofile: number | undefined };

/**
 * Creates and starts the nodes of a run that one engine gets. All containers are created before the first is started, so
 * that programs that begin do not take the processor from the engine meanwhile; then no container waits until another is
 * ready: a scenario waits for its sidecar. A foreign program is only created. What is there when this throws is left to
 * the caller.
 */
export async function launchOnEngine(launch: EngineLaunch): Promise<LaunchedShare> {
  const { engine, record, setting, numbers, signal } = launch;
  const own = setting.settings.network === undefined;
  const [files] = await allDone([
    engine.createContainer(filesContainer(setting)),
    own ? createNetwork(engine, setting) : Promise.resolve(),
  ]);
  signal.throwIfAborted();
  const nodes = new EngineNodes(engine, record.run, setting.prefix, files);
  const brought = nodes.put(filesOf(launch));
  const started = async (): Promise<number | undefined> => {
    for (let { nofile } = setting; ; nofile = fewerFiles(nofile)) {
      try {
        await startNodes({ ...launch, setting: { ...setting, nofile } }, brought);
        return nofile;
      } catch (error) {
        // Only at the start does an engine say that it may not give so many.
        if (nofile === undefined || !isLimitRefusal(error)) throw error;
        await nodes.removeContainers();
      }
    }
  };
  const [, nofile] = await allDone([brought, started()]);
  return { nodes, numbers, nofile };
}

/** Creates the containers of all nodes, and starts them when their files are there. */
async function startNodes(launch: EngineLaunch, brought: Promise<void>): Promise<void> {
  const { engine, numbers, images, signal, onNode } = launch;
  const created: Created[] = [];
  await inParallel(numbers, LAUNCHES_AT_ONCE, async (node) => {
    signal.throwIfAborted();
    created.push(await createNode(launch, node));
  });
  await brought;
  await inParallel(created, LAUNCHES_AT_ONCE, async ({ node, sidecar, scenario }) => {
    signal.throwIfAborted();
    try {
      await engine.start(sidecar);
      if (!images.foreign) await engine.start(scenario);
    } catch (cause) {
      throw nodeError(cause, node);
    }
    onNode();
  });
}

/** The containers of a node, by their ids. */
type Created = { readonly node: number; readonly sidecar: string; readonly scenario: string };

async function createNode({ engine, record, setting, images, project }: EngineLaunch, node: number): Promise<Created> {
  const { run, plan } = record;
  const ports = nodePorts(plan, node, setting.network === 'host');
  try {
    const sidecar = await engine.createContainer(sidecarContainer(setting, node));
    const program = programOf({ run, node, plan, ports, images, project });
    return { node, sidecar, scenario: await engine.createContainer(scenarioContainer(setting, node, program)) };
  } catch (cause) {
    throw nodeError(cause, node);
  }
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

/** Waits for both, so that nothing is still being made when one has failed. */
async function allDone<A, B>([a, b]: readonly [Promise<A>, Promise<B>]): Promise<readonly [A, B]> {
  const outcomes = await Promise.allSettled([a, b]);
  for (const one of outcomes) if (one.status === 'rejected') throw one.reason;
  return [await a, await b];
}

function nodeError(cause: unknown, node: number): unknown {
  if (!(cause instanceof EngineRefusal)) return cause;
  return new LoadsError('ERR_NODE_START', `node ${node} could not be started: ${cause.message}`, { cause });
}
