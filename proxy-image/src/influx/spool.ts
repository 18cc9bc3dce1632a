import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type SpoolOptions = { readonly dir: string; readonly maxBytes?: number };

/** A bounded queue of batches of line protocol on disk, a file each, oldest first; it survives its process. */
export class Spool {
  readonly #dir: string;
  readonly #maxBytes: number;
  readonly #files: { readonly name: string; readonly bytes: number; readonly lines: number }[] = [];
  #next = 1;

  private constructor({ dir, maxBytes = 256 * 1024 * 1024 }: SpoolOptions) {
    this.#dir = dir;
    this.#maxBytes = maxBytes;
  }

  /** Opens a spool, with the batches that an earlier process left in it. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const spool = new Spool(options);
    await mkdir(options.dir, { recursive: true });
    const names = (await readdir(options.dir)).filter((name) => /^\d+-\d+\.lp$/.test(name)).sort();
    for (const name of names) {
      const { size } = await stat(join(options.dir, name));
      spool.#files.push({ name, bytes: size, lines: Number(name.split(/[-.]/)[1]) });
      spool.#next = Number(name.split('-')[0]) + 1;
    }
    return spool;
  }

  /** Points that wait on disk. */
  get lines(): number {
    return this.#files.reduce((sum, file) => sum + file.lines, 0);
  }

  get isEmpty(): boolean {
    return this.#files.length === 0;
  }

  /** Appends a batch. Gives false, and keeps nothing of it, when the spool is full or the disk does not take it. */
  async push(lines: readonly string[]): Promise<boolean> {
    const text = lines.join('\n');
    const used = this.#files.reduce((sum, file) => sum + file.bytes, 0);
    const bytes = Buffer.byteLength(text);
    if (used + bytes > this.#maxBytes) return false;
    const name = `${String(this.#next++).padStart(8, '0')}-${lines.length}.lp`;
    const path = join(this.#dir, name);
    try {
      // A process that is killed meanwhile must not leave half a batch under its name.
      await writeFile(`${path}.part`, text);
      await rename(`${path}.part`, path);
    } catch {
      // A full disk: the batch is counted as dropped by whoever asked.
      await rm(`${path}.part`, { force: true }).catch(() => undefined);
      return false;
    }
    this.#files.push({ name, bytes, lines: lines.length });
    return true;
  }

  /** The oldest batch, which stays until `shift`. */
  async peek(): Promise<readonly string[] | undefined> {
    const [file] = this.#files;
    return file && (await readFile(join(this.#dir, file.name), 'utf8')).split('\n');
  }

  /** Removes the oldest batch. */
  async shift(): Promise<void> {
    const file = this.#files.shift();
    // A file that cannot be removed is found again by a later process: its points are written twice, and are the same.
    if (file) await rm(join(this.#dir, file.name), { force: true }).catch(() => undefined);
  }
}
