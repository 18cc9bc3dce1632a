import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { LoadsError, type RunPlan } from '@loads/core';
import type { ArchiveFile } from '../engine/archive.ts';
import { filesBelow } from './files-below.ts';
import { traceImports } from './trace-imports.ts';

const MOST_BYTES = 100 * 1024 * 1024;
const MODULES = 'node_modules';

/** The files of a scenario, as they are brought to nodes that do not share this machine's disk. */
export type Project = {
  readonly files: readonly ArchiveFile[];
  /** Where a file of this machine lies in the project, with slashes; '' for the root itself. */
  place(path: string): string;
  /** Where programs run, below the root. */
  readonly directory: string;
};

export const NO_PROJECT: Project = { files: [], place: () => '', directory: '' };

/**
 * Gathers what a plan needs of this machine: the folder of the configuration or the scenario (without `node_modules`,
 * `.git`, `.loads` and `.env` files), and what its modules import from elsewhere in the project, packages with all their
 * files. The project is the nearest folder upwards with a `package.json`, or the folder itself. Throws ERR_USAGE for a
 * scenario or import outside of it, and for more than 100 MB.
 */
export async function gatherProject(plan: RunPlan, directory: string): Promise<Project> {
  const root = await projectRoot(directory);
  const place = (path: string): string => placeIn(root, path);
  const entries = modulesOf(plan);
  for (const entry of entries) if (placeIn(root, entry) === '') throw outside(entry, root);
  const paths = new Set(await filesBelow(directory));
  paths.add(join(root, 'package.json'));
  for (const path of entries.length === 0 ? [] : await traceImports(entries, directory)) {
    if (placeIn(root, path) === '') throw outside(path, root);
    const package_ = packageOf(path);
    for (const file of package_ === undefined ? [path] : await filesBelow(package_)) paths.add(file);
  }
  return { files: await readAll([...paths], place, directory), place, directory: placeIn(root, directory) };
}

/** The files that a plan names and that are no packages by name. */
function modulesOf({ scenario, plugins = [], extensions = [] }: RunPlan): readonly string[] {
  const script = scenario.kind === 'script' ? [scenario.file] : [];
  return [...script, ...plugins.map(({ file }) => file), ...extensions].filter((path) => isAbsolute(path));
}

async function projectRoot(directory: string): Promise<string> {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (await stat(join(folder, 'package.json')).catch(() => undefined)) return folder;
    if (dirname(folder) === folder) return directory;
  }
}

/** Packages that are installed above the project, as in a workspace, move to its root, where they are found as well. */
function placeIn(root: string, path: string): string {
  const within = relative(root, path);
  if (within !== '' && !within.startsWith('..') && !isAbsolute(within)) return within.split(sep).join('/');
  const parts = path.split(sep);
  const modules = parts.indexOf(MODULES);
  return modules === -1 ? '' : parts.slice(modules).join('/');
}

/** The folder of the package that a file below `node_modules` belongs to. */
function packageOf(path: string): string | undefined {
  const parts = path.split(sep);
  const modules = parts.lastIndexOf(MODULES);
  if (modules === -1) return undefined;
  const scoped = parts[modules + 1]?.startsWith('@') ?? false;
  return parts.slice(0, modules + (scoped ? 3 : 2)).join(sep);
}

async function readAll(
  paths: readonly string[],
  place: Project['place'],
  directory: string,
): Promise<readonly ArchiveFile[]> {
  const files: ArchiveFile[] = [];
  let bytes = 0;
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    // A link to nowhere, or a socket: nothing that could be needed.
    if (!found?.isFile()) continue;
    bytes += found.size;
    if (bytes > MOST_BYTES) throw tooMuch(directory);
    files.push({ path: place(path), content: await readFile(path), mode: found.mode & 0o755 });
  }
  return files;
}

function outside(path: string, root: string): LoadsError {
  return new LoadsError(
    'ERR_USAGE',
    `${path} lies outside of the project ${root}, which is all that a container gets`,
    {
      hint: 'move it into the project, or put a package.json into a folder above both',
    },
  );
}

function tooMuch(directory: string): LoadsError {
  const megabytes = MOST_BYTES / 1024 / 1024;
  return new LoadsError('ERR_USAGE', `${directory} and what is imported from it hold more than ${megabytes} MB`, {
    hint: 'all of it is copied to every engine: give the scenario a folder of its own',
  });
}
