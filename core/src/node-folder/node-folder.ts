import type { ReportedError } from '../link/messages.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { Abort } from '../verdict/abort.ts';

/**
 * The files of a node's folder. The folder is all that an orchestrator and a node share: whoever can read and write
 * these files can start, watch, stop and collect the node, and no process has to live for another.
 */
export const NODE_FILES = {
  /** Orchestrator to node, before the launch: `NodeOrder`. */
  order: 'node.json',
  /** Node to launcher: where the sidecar listens (`SidecarReady`). */
  sidecar: 'sidecar.json',
  /** Node 1 to orchestrator, where the fixtures of processes wait for it: what the setup returned (`NodeData`). */
  setup: 'setup.json',
  /** Orchestrator to node: what the setup returned, before the node is ready (`NodeData`). */
  data: 'data.json',
  /** Node to orchestrator: ready to start (`NodeReady`). */
  ready: 'ready.json',
  /** Node to orchestrator: it cannot start (`ReportedError`). */
  failed: 'failed.json',
  /** Orchestrator to node: begin (`NodeStart`). */
  start: 'start.json',
  /** Orchestrator to node: end (`NodeStop`). */
  stop: 'stop.json',
  /** Orchestrator to node, while it works: how many workers the run is to have (`NodeScale`). */
  scale: 'scale.json',
  /** Orchestrator to node: how the program ended that runs in a container of its own (`ProgramExit`). */
  exit: 'exit.json',
  /** Node to orchestrator, every second: `LiveState`. */
  live: 'live.json',
  /** Node to orchestrator, every few seconds and at the end: `NodeResultJson`, compressed. */
  result: 'result.json.gz',
  /** Node to orchestrator, at the end, if any are left: points that the database did not take, lines of it, compressed. */
  points: 'points.lp.gz',
} as const;

/** A folder in the node's folder: points that wait for the database, for as long as the node lives or if it was killed. */
export const SPOOL_FOLDER = 'spool';

/** The files that grow with the run. What is left tells how the node is: it is small, and may be kept apart to be read often. */
export const BULKY_FILES: readonly string[] = [NODE_FILES.order, NODE_FILES.result, NODE_FILES.points];

export type NodeOrder = {
  readonly run: string;
  readonly node: number;
  readonly plan: RunPlan;
  /** Where the sidecar listens on the loopback, if its launcher has chosen; else on free ports. */
  readonly ports?: NodePorts | undefined;
  /** What the sidecar starts as the scenario process; undefined where others start it. */
  readonly scenario?: ScenarioCommand | undefined;
  /** The scenario is a program that knows of no link: others start it, and the sidecar sees it in its PID namespace. */
  readonly foreign?: boolean | undefined;
  /** Connect to the target once before being ready, since nobody else can tell whether it is reached from here. */
  readonly checkTarget?: boolean | undefined;
};
/** A command, which gets no shell, and the folder that it runs in (default: the sidecar's). */
export type ScenarioCommand = { readonly command: readonly string[]; readonly directory?: string | undefined };
export type NodePorts = {
  readonly link: number;
  readonly statsd: number;
  /** By the name of the proxy. */
  readonly proxies: Readonly<Record<string, number>>;
};
export type ProgramExit = { readonly code: number };
export type SidecarReady = {
  readonly pid: number;
  /** `host:port` of the link that the scenario process connects to. */
  readonly link: string;
  /** The pid of the scenario process, if the sidecar has started it. */
  readonly scenario?: number | undefined;
};
export type NodeData = { readonly setup: unknown };
export type NodeReady = {
  readonly setup: unknown;
  /** When it was written, by the node's clock, epoch ms. */
  readonly nowMs?: number | undefined;
};
export type NodeStart = {
  readonly atMs: number;
  readonly setup: unknown;
  /** When it was written, by the clock of the orchestrator, epoch ms. */
  readonly sentAtMs?: number | undefined;
  /** How far the clock of each node is ahead at least, ms, by the number of the node. */
  readonly aheadMs?: Readonly<Record<string, number>> | undefined;
};
export type NodeStop = {
  readonly graceful: boolean;
  /** Why, when it was not the user's wish: the run asked to end at its first failure, or when a threshold does not hold; or another node could not begin. */
  readonly because?: 'failure' | 'threshold' | undefined;
  /** The threshold that ended it, with what was measured then. */
  readonly abort?: Abort | undefined;
};
/** Workers over all nodes, from now on until the end of the plan. */
export type NodeScale = { readonly workers: number };
export type NodeFailed = ReportedError;
