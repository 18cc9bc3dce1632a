import type { NodeStart, NodeStop, RunPlan } from '@loads/core';
import type { RunFolder, RunRecord } from '../store/run-folder.ts';

/** A node at the moment of a look: which of its two processes live, and its files. */
export type NodeView = {
  readonly node: number;
  readonly sidecar: boolean;
  readonly scenario: boolean;
  /** The content of one of the node's small files (see NODE_FILES), or undefined when it is not there. */
  read(name: string): Promise<Uint8Array | undefined>;
};

/** The launched nodes of a run, as the orchestrator sees them: their files, whether they live, and how to end them. */
export type NodeGroup = {
  /** How often a look is worth what it costs, ms. */
  readonly pollMs: number;
  /** How long after it was given a start instant has reached every node, ms. */
  readonly headStartMs: number;
  /** All nodes, in the order of their numbers. */
  look(): Promise<readonly NodeView[]>;
  /** Puts a JSON file into the folder of every node, whole. */
  write(name: string, content: unknown): Promise<void>;
  /** Gives the start instant to every node. Throws when one cannot begin. */
  begin(start: NodeStart): Promise<void>;
  stop(stop: NodeStop): Promise<void>;
  /** Ends the processes of these nodes (default: all) and what they started, at once. Nothing happens to what has ended. */
  kill(nodes?: readonly number[]): Promise<void>;
  /**
   * Brings all that the nodes left into the run's folder. Gives, by node, why one of its processes was killed, where that
   * is known from outside. Once the nodes have ended, this can be repeated.
   */
  collect(): Promise<ReadonlyMap<number, string>>;
  /** Removes what is left of the nodes outside of the run's folder. Gives why it could not, when it could not. */
  remove(): Promise<string | undefined>;
};

export type LaunchOptions = {
  readonly signal: AbortSignal;
  /** Aborts when nodes whose run does not begin are to be killed, without what undoes their setup. */
  readonly atOnce?: AbortSignal | undefined;
  /** Told how many nodes have been started. */
  readonly onLaunched: (nodes: number) => void;
  /** Told what the user should know of where the nodes run. */
  readonly onNote?: ((note: string) => void) | undefined;
};

/** Brings nodes to life somewhere. Launched nodes need neither the launcher nor the process that called it. */
export type Launcher = {
  readonly name: string;
  /**
   * Sees to it, before the run has a folder, that what nodes need beside their plan is there. Gives what the run's record
   * is to say of it. Throws ERR_ENGINE, ERR_IMAGE, ERR_USAGE.
   */
  prepare(plan: RunPlan, signal: AbortSignal): Promise<Pick<RunRecord, 'docker'>>;
  /**
   * Starts sidecar and scenario process of every node of the run. When it throws (ERR_NODE_START and others), or the
   * signal aborts, what was launched has undone its setup, and nothing is left behind.
   */
  launch(folder: RunFolder, options: LaunchOptions): Promise<NodeGroup>;
  /** Finds the nodes of a run again that some process launched earlier. Throws ERR_RUN_DAMAGED when there are none. */
  attach(folder: RunFolder): Promise<NodeGroup>;
};

/** The numbers of a run's nodes. */
export function nodeNumbers(nodes: number): readonly number[] {
  return Array.from({ length: nodes }, (_, i) => i + 1);
}
