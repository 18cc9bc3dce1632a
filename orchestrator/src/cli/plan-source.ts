import { LoadsError } from '@loads/core';
import type { Overrides } from '../config/overrides.ts';
import type { ProblemList } from '../config/problem-list.ts';
import type { Engine } from '../engine/engine.ts';
import { type DockerOptions, enginesOf } from '../launch/docker/docker-launcher.ts';
import type { Launcher } from '../launch/launcher.ts';
import { launcherOf } from '../launch/registry.ts';
import { collectMetadata } from '../metadata/collect-metadata.ts';
import { parseLabels } from '../metadata/labels.ts';
import { loadsVersion } from '../metadata/version.ts';
import { workingDirectory } from '../projects/working-directory.ts';
import { redactedArguments } from '../report/redact.ts';
import type { CliContext } from './cli-context.ts';
import { type DockerFlags, dockerOverrides } from './docker-flags.ts';
import type { LabelFlags } from './label-flag.ts';
import { type PreparedPlan, preparePlan } from './prepare-plan.ts';
import { chooseProject, type ProjectFlags } from './project-flags.ts';
import type { Terminal } from './terminal.ts';

/** Where the plan of a command comes from, and what launches it. */
export type PlanSource = {
  /** Reads and validates it. Throws what `chooseProject` and `preparePlan` throw. */
  prepare(signal: AbortSignal): Promise<PreparedPlan>;
  /** Throws ERR_USAGE when flags speak of containers and there are none. */
  launcherFor(prepared: PreparedPlan): Launcher;
};

type PlanSourceOptions = {
  readonly context: CliContext;
  readonly terminal: Terminal;
  /** What was fetched is removed with it. */
  readonly fetched: AsyncDisposableStack;
  /** What stands over the configuration. */
  readonly overrides: Overrides;
};

/** The plan that a file, the flags and the environment describe; container engines are made ready meanwhile. */
export function planSource(
  file: string | undefined,
  flags: ProjectFlags & DockerFlags & LabelFlags,
  { context, terminal, fetched, overrides }: PlanSourceOptions,
): PlanSource {
  const { args, command, env } = context;
  let engines: Promise<readonly Engine[]> | undefined;
  const labels = flags.label && parseLabels(flags.label);
  const request = {
    command,
    flags: overrides,
    env,
    defaultSeed: Math.floor(Math.random() * 1_000_000),
    onEngines(hosts: readonly string[]): void {
      engines = enginesOf(hosts, env);
      // What is wrong with them is said where they are needed.
      engines.catch(() => undefined);
    },
  };
  return {
    async prepare(signal) {
      const { directory, ...chosen } = await chooseProject(file, flags, context, { terminal, stack: fetched, signal });
      const [prepared, metadata] = await Promise.all([
        preparePlan({ ...request, ...chosen }, signal, context.inspector),
        collectMetadata(directory ?? '.', { version: loadsVersion(), env }),
      ]);
      const folder = flags.workdir ?? flags.testDir;
      if (folder !== undefined && prepared.on === 'docker')
        throw new LoadsError('ERR_USAGE', '--workdir is for nodes on this machine', {
          hint: 'in a container `/tmp` is what can be written, and the image says where its programs run',
        });
      for (const note of prepared.notes) terminal.warn(note);
      return {
        ...prepared,
        workingDirectory: folder === undefined ? directory : await workingDirectory(directory ?? '.', folder),
        metadata,
        commandLine: redactedArguments(args),
        ...(labels && { labels }),
      };
    },
    launcherFor: (prepared) => launcherFor(prepared, flags, { env, engines }),
  };
}

/**
 * Prepares the plan of a source, and has it looked at before anything starts: what is wrong with it is told together with the
 * `problems` that there are, to which `look` may add. Throws them.
 */
export async function prepareAll(
  source: PlanSource,
  signal: AbortSignal,
  problems: ProblemList,
  look: (prepared: PreparedPlan) => Promise<void>,
): Promise<PreparedPlan> {
  const prepared = await problems.ofAsync(() => source.prepare(signal));
  if (prepared) {
    problems.of(() => source.launcherFor(prepared));
    await look(prepared);
  }
  problems.throwAny();
  if (prepared) return prepared;
  throw new Error('what was not prepared has a problem');
}

function launcherFor(
  prepared: PreparedPlan,
  flags: DockerFlags,
  given: Pick<DockerOptions, 'env' | 'engines'>,
): Launcher {
  const { on, docker: settings, directory, configured } = prepared;
  const [first] = dockerOverrides(flags);
  if (on !== 'docker' && first) {
    throw new LoadsError('ERR_USAGE', `${first.origin} is for nodes in containers`, { hint: 'add `--on docker`' });
  }
  return launcherOf(on, { ...given, settings, directory, configured });
}
