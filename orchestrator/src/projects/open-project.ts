import { mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { LoadsError } from '@loads/core';
import { defaultConfig } from '../config/default-config.ts';
import { isMolotov, requirementsOf } from '../config/molotov-config.ts';
import { isConfigFile, readConfig } from '../config/read-config.ts';
import { fetchRepository } from './fetch-repository.ts';
import type { GitCredentials } from './git-environment.ts';
import { installPackages } from './install-packages.ts';
import { installRequirements } from './install-requirements.ts';
import { repositoryRef, repositoryUrl } from './repository-url.ts';

export type ProjectRequest = {
  /** As the user names it: a URL with https, ssh or file, `git@host:path`, or a folder. */
  readonly repository: string;
  readonly ref?: string | undefined;
  /** The project's folder in the repository. */
  readonly subdir?: string | undefined;
  /** The scenario or configuration, relative to the project. */
  readonly file?: string | undefined;
  /** Whether there is a configuration to look for when no file is named. */
  readonly configured: boolean;
  readonly credentials: GitCredentials | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Told what is going on, a line at a time. */
  readonly onLine: (line: string) => void;
};

/** A project on this machine for as long as it is needed; disposing of it removes all of it. */
export type Project = AsyncDisposable & {
  readonly directory: string;
  readonly file: string | undefined;
  readonly commit: string;
  /** The Python with the packages that a molotov.json asks for. */
  readonly python: string | undefined;
};

/**
 * Fetches a repository into a folder of its own and installs what it locks. When it throws (ERR_USAGE, ERR_PROJECT,
 * ERR_FILE_MISSING), or the signal aborts, nothing is left behind.
 */
export async function openProject(request: ProjectRequest, signal: AbortSignal): Promise<Project> {
  const { repository, ref, env: given, credentials, onLine } = request;
  const url = repositoryUrl(repository, process.cwd());
  const wanted = ref === undefined ? undefined : repositoryRef(ref);
  await using opening = new AsyncDisposableStack();
  const root = await realpath(await mkdtemp(join(tmpdir(), 'loads-project-')));
  opening.defer(() => rm(root, { recursive: true, force: true, maxRetries: 3 }));
  onLine(`fetching ${url}${wanted === undefined ? '' : ` at ${wanted}`}`);
  const env = withoutNpm(given);
  const commit = await fetchRepository(root, { url, ref: wanted, credentials, env }, signal);
  onLine(`fetched ${commit.slice(0, 12)}`);
  const directory = await inside(root, root, request.subdir ?? '.', 'folder');
  const file = await fileOf(root, directory, request);
  const installed = await installPackages(directory, root, { env, signal, onLine });
  if (installed !== undefined) onLine(`installed the packages of ${relative(root, installed) || 'the repository'}`);
  const python = await pythonOf(root, file, { env, signal, onLine });
  const opened = opening.move();
  return { directory, file, commit, python, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

async function fileOf(
  root: string,
  directory: string,
  { file, configured }: ProjectRequest,
): Promise<string | undefined> {
  if (file === undefined && !configured) return undefined;
  return inside(root, directory, file ?? (await defaultConfig(directory)), 'file');
}

/** A path of the repository as it is on this machine, links followed. Throws for one that is not there, or leads out. */
async function inside(root: string, from: string, path: string, kind: 'file' | 'folder'): Promise<string> {
  const asked = resolve(from, path);
  const real = await realpath(asked).catch(() => undefined);
  const found = real === undefined ? undefined : await stat(real);
  const shown = relative(root, asked) || path;
  if (real === undefined || !(kind === 'file' ? found?.isFile() : found?.isDirectory())) {
    throw new LoadsError('ERR_FILE_MISSING', `the repository has no ${kind} ${shown}`, { hint: undefined });
  }
  if (real !== root && !real.startsWith(`${root}/`)) {
    throw new LoadsError('ERR_USAGE', `${path} leads out of the repository`);
  }
  return real;
}

type Installing = {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
};

/** Installs what a molotov.json asks for, as moloslave did. */
async function pythonOf(root: string, file: string | undefined, options: Installing): Promise<string | undefined> {
  if (file === undefined || !isConfigFile(file)) return undefined;
  const source = await readConfig(file, options.env);
  const requirements = isMolotov(source) ? requirementsOf(source) : undefined;
  if (requirements === undefined) return undefined;
  const path = await inside(root, source.directory, requirements, 'file');
  const python = await installRequirements(join(root, '.loads-python'), path, { ...options, cwd: source.directory });
  options.onLine(`installed the packages of ${requirements}`);
  return python;
}

/** What `npx` and `npm run` tell their own program, and what would lead another npm to another project. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ofParent = /^(npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix).*|INIT_CWD)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ofParent.test(name)));
}
