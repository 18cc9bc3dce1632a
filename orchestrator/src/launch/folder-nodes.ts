import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunFolder } from '../store/run-folder.ts';
import { type NodeGroup, type NodeView, nodeNumbers } from './launcher.ts';

/** The nodes of a run of which nothing is left but what was brought into its folder. */
export class FolderNodes implements NodeGroup {
  readonly pollMs = 0;
  readonly headStartMs = 0;
  readonly #folder: RunFolder;

  constructor(folder: RunFolder) {
    this.#folder = folder;
  }

  async look(): Promise<readonly NodeView[]> {
    return nodeNumbers(this.#folder.record.plan.nodes).map((node) => ({
      node,
      sidecar: false,
      scenario: false,
      read: async (name) => await readFile(join(this.#folder.nodeDir(node), name)).catch(() => undefined),
    }));
  }

  async write(): Promise<void> {}
  async begin(): Promise<void> {}
  async stop(): Promise<void> {}
  async kill(): Promise<void> {}
  async collect(): Promise<ReadonlyMap<number, string>> {
    return new Map();
  }

  async remove(): Promise<undefined> {
    return undefined;
  }
}
