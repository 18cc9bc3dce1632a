import { LoadsError } from '@loads/core';
import type { Command } from 'commander';
import { defaultConfig } from '../config/default-config.ts';
import type { PlanRequest } from '../config/load-plan.ts';
import { openProject, type Project } from '../projects/open-project.ts';
import { takeCredentials } from '../projects/take-credentials.ts';
import type { CliContext } from './cli-context.ts';
import type { Terminal } from './terminal.ts';

/** The flags that say which project is run, and which of its runs. */
export type ProjectFlags = {
  run?: string;
  repo?: string;
  ref?: string;
  subdir?: string;
  workdir?: string;
  /** The first Loads' name of `workdir`. */
  testDir?: string;
};

export function addProjectOptions(command: Command): Command {
  return command
    .option('--run <name>', 'which of the runs of the configuration (`runs:`, or the tests of a molotov.json)')
    .option('--repo <url>', 'fetch the project with git (https, ssh, file), install, run, and remove it')
    .option('--ref <ref>', 'its branch, tag or commit (default: what the repository has checked out)')
    .option('--subdir <path>', "the project's folder in the repository")
    .option('--workdir <folder>', 'where the processes of the scenario run; made if it is not there');
}

/** What is to be run, and the folder where its programs run if that is not the current one. */
export type ChosenProject = Pick<PlanRequest, 'file' | 'run' | 'python'> & { readonly directory?: string | undefined };

type Choosing = {
  readonly terminal: Terminal;
  readonly stack: AsyncDisposableStack;
  readonly signal: AbortSignal;
};

/**
 * Finds the project that the flags name, here or in a repository; what is fetched is removed with `stack`. Throws
 * ERR_USAGE, ERR_PROJECT, ERR_FILE_MISSING.
 */
export async function chooseProject(
  file: string | undefined,
  { run, repo, ref, subdir }: ProjectFlags,
  { command, env }: CliContext,
  { terminal, stack, signal }: Choosing,
): Promise<ChosenProject> {
  const configured = command === undefined;
  const credentials = takeCredentials(env);
  if (repo === undefined) {
    if (ref !== undefined || subdir !== undefined)
      throw new LoadsError('ERR_USAGE', `${ref === undefined ? '--subdir' : '--ref'} is for a repository`, {
        hint: 'name it with --repo',
      });
    return { file: file ?? (configured ? await defaultConfig('.') : undefined), run };
  }
  const project: Project = stack.use(
    await openProject(
      { repository: repo, ref, subdir, file, configured, credentials, env, onLine: (line) => terminal.note(line) },
      signal,
    ),
  );
  return { file: project.file, run, python: project.python, directory: project.directory };
}
