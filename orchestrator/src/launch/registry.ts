import { LoadsError } from '@loads/core';
import { DockerLauncher, type DockerOptions } from './docker/docker-launcher.ts';
import { IMPORTED, importedLauncher } from './imported.ts';
import type { Launcher } from './launcher.ts';
import { processLauncher } from './process-launcher.ts';

/** The launcher of a name: a value of `--on`, or what a run's record says. Throws ERR_RUN_DAMAGED when there is none. */
export function launcherOf(name: string, docker: DockerOptions): Launcher {
  if (name === 'process') return processLauncher;
  if (name === 'docker') return new DockerLauncher(docker);
  if (name === IMPORTED) return importedLauncher;
  throw new LoadsError('ERR_RUN_DAMAGED', `there is no launcher '${name}'`);
}
