import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A file that a build makes. */
export type Output = {
  readonly path: string;
  readonly contents: Uint8Array | string;
  readonly mode?: number | undefined;
  /** When it was changed, epoch s: a layer of an image has it in it. */
  readonly time?: number | undefined;
};

/** Puts a file in its place as a whole, and leaves one alone that is already so: a program may be reading it. */
export async function put({ path, contents, mode = 0o644, time }: Output): Promise<void> {
  const bytes = Buffer.from(contents);
  const before = await readFile(path).catch(() => undefined);
  if (before?.equals(bytes)) return;
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, bytes, { mode });
  if (time !== undefined) await utimes(fresh, time, time);
  await rename(fresh, path);
}

/** Removes the scripts of a folder that are not among its outputs, such as those of an earlier build. */
export async function removeOthers(folder: string, outputs: readonly Output[]): Promise<void> {
  const kept = new Set(outputs.map(({ path }) => basename(path)));
  const found = (await readdir(folder)).filter((name) => /\.js(\.map)?$/.test(name) && !kept.has(name));
  await Promise.all(found.map((name) => rm(join(folder, name))));
}
