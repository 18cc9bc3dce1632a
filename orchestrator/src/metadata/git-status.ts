import type { GitMetadata } from '../store/run-metadata.ts';

/** What `git` is asked for, so that one call tells all: `parseGitStatus` reads its answer. */
export const GIT_STATUS: readonly string[] = ['status', '--porcelain=v2', '--branch', '--untracked-files=no'];

/** Reads the answer of git (git-status(1), "Porcelain Format Version 2"). Undefined when it is none. */
export function parseGitStatus(text: string): GitMetadata | undefined {
  const lines = text.split('\n');
  const header = (name: string): string | undefined => {
    const start = `# branch.${name} `;
    return lines.find((line) => line.startsWith(start))?.slice(start.length);
  };
  const [revision, branch] = [header('oid'), header('head')];
  if (revision === undefined) return undefined;
  return {
    ...(/^[0-9a-f]{7,64}$/.test(revision) && { revision }),
    ...(branch !== undefined && branch !== '(detached)' && { branch }),
    dirty: lines.some((line) => line !== '' && !line.startsWith('#') && !line.startsWith('?') && !line.startsWith('!')),
  };
}
