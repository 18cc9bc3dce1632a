import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A node's folder as its sidecar sees it. Files are replaced whole: nobody ever reads half of one. */
export class NodeFiles {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** The content of a JSON file, or undefined while it is not there. */
  async read<Content>(name: string): Promise<Content | undefined> {
    try {
      return JSON.parse(await readFile(join(this.dir, name), 'utf8')) as Content;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async write(name: string, content: unknown): Promise<void> {
    await this.#replace(name, JSON.stringify(content));
  }

  async writeCompressed(name: string, content: unknown): Promise<void> {
    await this.#replace(name, await promisify(gzip)(JSON.stringify(content)));
  }

  async #replace(name: string, data: string | Uint8Array): Promise<void> {
    const path = join(this.dir, name);
    await writeFile(`${path}.part`, data);
    await rename(`${path}.part`, path);
  }
}
