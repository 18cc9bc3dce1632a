import { LoadsError } from '@loads/core';
import { type GitCredentials, gitEnvironment } from './git-environment.ts';
import { type ProgramEnd, runProgram } from './run-program.ts';

export type RepositoryRequest = {
  /** As `repositoryUrl` gives it. */
  readonly url: string;
  /** A branch, a tag or a commit; undefined: what the repository has checked out. */
  readonly ref: string | undefined;
  readonly credentials: GitCredentials | undefined;
  readonly env: NodeJS.ProcessEnv;
};

const EVERYTHING = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];

/**
 * Fetches one commit of a repository, without its history, into an empty folder, and gives the commit. Throws ERR_PROJECT
 * with the last words of git.
 */
export async function fetchRepository(
  folder: string,
  { url, ref, credentials, env }: RepositoryRequest,
  signal: AbortSignal,
): Promise<string> {
  const options = { cwd: folder, env: gitEnvironment(env, url, credentials), signal };
  const git = (...args: readonly string[]): Promise<ProgramEnd> =>
    runProgram('git', args, options).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new LoadsError('ERR_PROJECT', 'git could not be started', { hint: 'install git', cause });
    });
  const must = async (...args: readonly string[]): Promise<ProgramEnd> => {
    const end = await git(...args);
    if (end.code === 0) return end;
    throw new LoadsError('ERR_PROJECT', `${url}${ref === undefined ? '' : ` at ${ref}`}: ${lastWords(end)}`, {
      hint: hintFor(end, url, credentials),
    });
  };
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules'];
  await must('init', '--quiet', '--template=');
  const short = ref !== undefined && /^[\da-f]{4,39}$/.test(ref);
  const shallow = await (short ? git : must)(...fetch, '--depth=1', '--', url, ref ?? 'HEAD');
  if (shallow.code === 0) await must('checkout', '--quiet', '--detach', 'FETCH_HEAD');
  else {
    // The beginning of a commit's id means something only to who has all of them.
    await must(...fetch, '--', url, ...EVERYTHING);
    await must('checkout', '--quiet', '--detach', `${ref}^{commit}`);
  }
  const { output } = await must('rev-parse', 'HEAD');
  return output.at(-1) ?? '';
}

function lastWords({ output, code }: ProgramEnd): string {
  const fatal = output.find((line) => /^(fatal|error|ERROR): /.test(line));
  return (fatal ?? output.at(-1) ?? `git ended with ${code}`).replace(/^(fatal|error): /, '');
}

function hintFor({ output }: ProgramEnd, url: string, credentials: GitCredentials | undefined): string | undefined {
  const said = output.join('\n');
  if (/could not read (Username|Password)|Authentication failed|\b40[13]\b/.test(said) && url.startsWith('https:')) {
    return credentials === undefined
      ? 'a private repository needs a token: LOADS_REPO_TOKEN in the environment'
      : 'the host refuses the token; LOADS_REPO_USER names the user that it belongs to, where that matters';
  }
  if (/redirect/i.test(said) && credentials !== undefined)
    return 'with a token no redirect is followed: give the URL that it leads to';
  return undefined;
}
