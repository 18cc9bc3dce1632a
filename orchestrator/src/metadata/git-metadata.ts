import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { GitMetadata } from '../store/run-metadata.ts';
import { GIT_STATUS, parseGitStatus } from './git-status.ts';

/** A repository that takes longer is not worth the wait. */
const TIMEOUT_MS = 3000;
/** Where CI services say which branch they have checked out, since they check out no branch but a commit. */
const BRANCH_VARIABLES = ['GITHUB_HEAD_REF', 'GITHUB_REF_NAME', 'CI_COMMIT_REF_NAME'];

/** The revision of a folder, its branch, and whether it is changed. Undefined without git, or outside of a repository. */
export async function gitMetadata(directory: string, env: NodeJS.ProcessEnv): Promise<GitMetadata | undefined> {
  try {
    // It is only looked at: no lock, and no program that the repository names.
    const args = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-C', directory, ...GIT_STATUS];
    const options = { env: { ...env, LC_ALL: 'C' }, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 ** 2 };
    const { stdout } = await promisify(execFile)('git', args, options);
    const found = parseGitStatus(stdout);
    const named = BRANCH_VARIABLES.map((name) => env[name]).find((value) => value !== undefined && value !== '');
    return found && found.branch === undefined && named !== undefined ? { ...found, branch: named } : found;
  } catch {
    // The revision is a note: no run depends on it.
    return undefined;
  }
}
