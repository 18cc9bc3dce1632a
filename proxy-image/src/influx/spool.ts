import { appendFile, mkdir, readdir, readFile, rename, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export type SpoolOptions = { readonly dir: string; readonly maxBytes?: number };

/** A bounded queue of batches of line protocol on disk, a file each, oldest first; it survives its process. */
export class Spool {
  readonly #dir: string;
  readonly #maxBytes: number;
  readonly #files: { readonly name: string; readonly bytes: number; readonly lines: number }[] = [];
  #next = 1;
  #packed = 0;

  private constructor({ dir, maxBytes = 256 * 1024 * 1024 }: SpoolOptions) {
    this.#dir = dir;
    this.#maxBytes = maxBytes;
  }

  /** Opens a spool, with the batches that an earlier process left in it. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const spool = new Spool(options);
    await mkdir(options.dir, { recursive: true });
    for (const name of await batchFiles(options.dir)) {
      const { size } = await stat(join(options.dir, name));
      spool.#files.push({ name, bytes: size, lines: Number(name.split(/[-.]/)[1]) });
      spool.#next = Number(name.split('-')[0]) + 1;
    }
    return spool;
  }

  /** Points that wait on disk, packed ones among them. */
  get lines(): number {
    return this.#packed + this.#files.reduce((sum, file) => sum + file.lines, 0);
  }

  get isEmpty(): boolean {
    return this.#files.length === 0;
  }

  /** Appends a batch. Gives why, and keeps nothing of it, when the spool is full or the disk does not take it. */
  async push(lines: readonly string[]): Promise<string | undefined> {
    const text = lines.join('\n');
    const used = this.#files.reduce((sum, file) => sum + file.bytes, 0);
    const bytes = Buffer.byteLength(text);
    if (used + bytes > this.#maxBytes) return `the spool is full (${Math.round(this.#maxBytes / 2 ** 20)} MiB)`;
    if (!(await hasRoom(this.#dir, bytes))) return 'the disk of the spool is full';
    const name = `${String(this.#next++).padStart(8, '0')}-${lines.length}.lp`;
    const path = join(this.#dir, name);
    try {
      // A process that is killed meanwhile must not leave half a batch under its name.
      await writeFile(`${path}.part`, text);
      await rename(`${path}.part`, path);
    } catch (error) {
      // The batch is counted as dropped by whoever asked.
      await rm(`${path}.part`, { force: true }).catch(() => undefined);
      return `the spool cannot be written: ${error instanceof Error ? error.message.split(',')[0] : String(error)}`;
    }
    this.#files.push({ name, bytes, lines: lines.length });
    return undefined;
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

  /** Removes the newest batch. Gives how many points it had, 0 when there is none. */
  async pop(): Promise<number> {
    const file = this.#files.pop();
    if (file) await rm(join(this.#dir, file.name), { force: true });
    return file?.lines ?? 0;
  }

  /**
   * Moves all batches to the end of one gzip file, a member each, so that it can be carried away as a whole. Stops, and
   * leaves the rest where it is, when the disk does not take more.
   */
  async pack(path: string): Promise<void> {
    for (let [file] = this.#files; file; [file] = this.#files) {
      const size = await stat(path).then(
        (found) => found.size,
        () => 0,
      );
      try {
        const text = await readFile(join(this.#dir, file.name));
        await appendFile(path, await promisify(gzip)(Buffer.concat([text, NEWLINE])));
      } catch {
        await truncate(path, size).catch(() => undefined);
        return;
      }
      await this.shift();
      this.#packed += file.lines;
    }
  }
}

/** Results and summaries, which are worth more than points, lie on the same disk: this much of it is left to them. */
const RESERVED_BYTES = 16 * 1024 * 1024;
const RESERVED_SHARE = 0.1;

async function hasRoom(dir: string, bytes: number): Promise<boolean> {
  // Where the system does not tell, writing will.
  const disk = await statfs(dir).catch(() => undefined);
  if (!disk) return true;
  const reserved = Math.min(RESERVED_BYTES, disk.blocks * disk.bsize * RESERVED_SHARE);
  return disk.bavail * disk.bsize - bytes >= reserved;
}

const NEWLINE = Buffer.from('\n');

/** The names of the batches that a spool holds, the oldest first. */
export async function batchFiles(dir: string): Promise<readonly string[]> {
  return (await readdir(dir)).filter((name) => /^\d+-\d+\.lp$/.test(name)).sort();
}
