import type { ReportedError } from '../link/messages.ts';
import type { RunPlan } from '../plan/run-plan.ts';

/**
 * The files of a node's folder. The folder is all that an orchestrator and a node share: whoever can read and write
 * these files can start, watch, stop and collect the node, and no process has to live for another.
 */
export const NODE_FILES = {
  /** Orchestrator to node, before the launch: `NodeOrder`. */
  order: 'node.json',
  /** Node to launcher: where the sidecar listens (`SidecarReady`). */
  sidecar: 'sidecar.json',
  /** Node to orchestrator: ready to start (`NodeReady`). */
  ready: 'ready.json',
  /** Node to orchestrator: it cannot start (`ReportedError`). */
  failed: 'failed.json',
  /** Orchestrator to node: begin (`NodeStart`). */
  start: 'start.json',
  /** Orchestrator to node: end (`NodeStop`). */
  stop: 'stop.json',
  /** Node to orchestrator, every second: `LiveState`. */
  live: 'live.json',
  /** Node to orchestrator, every few seconds and at the end: `NodeResultJson`, compressed. */
  result: 'result.json.gz',
} as const;

export type NodeOrder = { readonly run: string; readonly node: number; readonly plan: RunPlan };
export type SidecarReady = {
  readonly pid: number;
  /** `host:port` of the link that the scenario process connects to. */
  readonly link: string;
};
export type NodeReady = { readonly setup: unknown };
export type NodeStart = { readonly atMs: number; readonly setup: unknown };
export type NodeStop = { readonly graceful: boolean };
export type NodeFailed = ReportedError;
