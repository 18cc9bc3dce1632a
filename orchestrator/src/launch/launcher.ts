import type { NodeOrder } from '@loads/core';

/** Which of a node's two processes are alive. */
export type NodeLife = { readonly sidecar: boolean; readonly scenario: boolean };

/** A launched node, as the orchestrator sees it: its files (see NODE_FILES), whether it lives, and how to end it. */
export type NodeHandle = {
  readonly node: number;
  /** The content of a file of the node's folder, or undefined when it is not there. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Puts a JSON file into the node's folder, whole. */
  write(name: string, content: unknown): Promise<void>;
  alive(): Promise<NodeLife>;
  /** Ends both processes and all that they started, at once. Does nothing to a node that has ended. */
  kill(): Promise<void>;
};

/** Brings nodes to life somewhere. A launched node needs neither the launcher nor the process that called it. */
export type Launcher = {
  readonly name: string;
  /** Starts sidecar and scenario process of a node. `dir` is the node's folder in the run's. Throws ERR_NODE_START. */
  launch(order: NodeOrder, dir: string, signal: AbortSignal): Promise<NodeHandle>;
  /** Finds a node again that some process launched earlier. */
  attach(node: number, dir: string): Promise<NodeHandle>;
};
