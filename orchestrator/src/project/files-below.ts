import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What belongs to the machine and not to the project; `.env` files hold secrets. */
const LEFT_OUT = /^(node_modules|\.git|\.loads|\.DS_Store|\.env(\..*)?)$/;
const MOST_FILES = 20_000;

/** The files below a folder, links followed, without what is left out of containers. At most 20,000. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const seen = new Set<string>();
  const walk = async (path: string): Promise<void> => {
    const { dev, ino } = await stat(path);
    // A link may lead to a folder above.
    if (seen.has(`${dev}:${ino}`)) return;
    seen.add(`${dev}:${ino}`);
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (LEFT_OUT.test(entry.name) || files.length >= MOST_FILES) continue;
      const below = join(path, entry.name);
      const found = entry.isSymbolicLink() ? await stat(below).catch(() => undefined) : entry;
      if (found?.isDirectory()) await walk(below);
      else if (found?.isFile()) files.push(below);
    }
  };
  await walk(folder);
  return files;
}
