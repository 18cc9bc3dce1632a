import { arch, availableParallelism, hostname, platform, release, totalmem } from 'node:os';
import type { RunMetadata } from '../store/run-metadata.ts';
import { gitMetadata } from './git-metadata.ts';

/** What a run in `directory` is made with and of, now. */
export async function collectMetadata(
  directory: string,
  { version, env }: { version: string; env: NodeJS.ProcessEnv },
): Promise<RunMetadata> {
  const git = await gitMetadata(directory, env);
  return {
    versions: { loads: version, node: process.versions.node },
    host: {
      name: hostname(),
      system: `${platform()} ${release()} ${arch()}`,
      cpus: availableParallelism(),
      memoryBytes: totalmem(),
    },
    ...(git && { git }),
  };
}
