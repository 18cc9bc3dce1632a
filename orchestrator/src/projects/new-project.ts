import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LoadsError } from '@loads/core';

const STARTERS = fileURLToPath(new URL('../starter', import.meta.resolve('@loads/orchestrator')));
/** What npm would leave out of a package, or take for its own, has another name there. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: '.gitignore' };

export type NewProject = {
  /** The folder of the project; made where it is not there. */
  readonly directory: string;
  /** What the load goes against; undefined: a tiny service that comes with the project. */
  readonly target: string | undefined;
  /** The version of Loads that it asks for. */
  readonly version: string;
};

/** Writes a starter project, and gives its files. Throws ERR_USAGE for a folder that is not empty. */
export async function newProject({ directory, target, version }: NewProject): Promise<readonly string[]> {
  const folder = resolve(directory);
  await mustBeEmpty(folder, directory);
  const values = { NAME: nameOf(basename(folder)), VERSION: version, TARGET: yamlText(target ?? '') };
  const written: string[] = [];
  await mkdir(folder, { recursive: true });
  for (const starter of ['common', target === undefined ? 'service' : 'target']) {
    for (const name of await readdir(join(STARTERS, starter))) {
      const text = await readFile(join(STARTERS, starter, name), 'utf8');
      const file = RENAMED[name] ?? name;
      // Never over what has come there in the meantime.
      await writeFile(join(folder, file), filled(text, values), { flag: 'wx' });
      written.push(file);
    }
  }
  return written.sort();
}

async function mustBeEmpty(folder: string, shown: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) throw new LoadsError('ERR_USAGE', `${shown} is a file`, { hint: 'name a new folder' });
  // A fresh repository is a good place for a project.
  const others = (await readdir(folder)).filter((name) => name !== '.git');
  if (others.length === 0) return;
  throw new LoadsError('ERR_USAGE', `${shown} is not empty: it has ${others.slice(0, 3).join(', ')}`, {
    hint: 'name a new folder: loads new my-load-test',
  });
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/__([A-Z]+)__/g, (whole, key: string) => values[key] ?? whole);
}

/** In quotes, and without a variable in it. */
function yamlText(text: string): string {
  return JSON.stringify(text.replaceAll('${', '$${'));
}

/** A name that npm and Loads both take. */
function nameOf(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return name === '' ? 'load-test' : name;
}
