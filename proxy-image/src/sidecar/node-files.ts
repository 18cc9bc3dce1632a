import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { BULKY_FILES } from '@loads/core';

/** A node's folder as its sidecar sees it. Files are replaced whole: nobody ever reads half of one. */
export class NodeFiles {
  readonly dir: string;
  readonly #stateDir: string;

  /** The files that tell how the node is may lie apart from those that grow, in `stateDir`. */
  constructor(dir: string, stateDir: string = dir) {
    this.dir = dir;
    this.#stateDir = stateDir;
  }

  /** The content of a JSON file, or undefined while it is not there. */
  async read<Content>(name: string): Promise<Content | undefined> {
    try {
      return JSON.parse(await readFile(this.#pathOf(name), 'utf8')) as Content;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async write(name: string, content: unknown): Promise<void> {
    await this.#replace(name, JSON.stringify(content));
  }

  /** `level` is that of gzip: 1 takes a quarter of the time of 6. */
  async writeCompressed(name: string, content: unknown, level = 6): Promise<void> {
    await this.#replace(name, await promisify(gzip)(JSON.stringify(content), { level }));
  }

  async #replace(name: string, data: string | Uint8Array): Promise<void> {
    const path = this.#pathOf(name);
    try {
      await writeFile(`${path}.part`, data);
      await rename(`${path}.part`, path);
    } catch (error) {
      // What is on a full disk of it only makes it fuller.
      await rm(`${path}.part`, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  #pathOf(name: string): string {
    return join(BULKY_FILES.includes(name) ? this.dir : this.#stateDir, name);
  }
}

/** Writes something. Gives false when there is no room on the disk. */
export async function unlessDiskFull(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) return false;
    throw error;
  }
}
