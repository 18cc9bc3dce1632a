import { resolve } from 'node:path';
import { LAUNCHERS, LoadsError, type RunPlan } from '@loads/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Override, type Overrides, overrideOf } from '../config/overrides.ts';
import type { Engine } from '../engine/engine.ts';
import { type DockerOptions, enginesOf } from '../launch/docker/docker-launcher.ts';
import type { Launcher } from '../launch/launcher.ts';
import { launcherOf } from '../launch/registry.ts';
import type { Judging } from '../store/run-folder.ts';
import type { CliContext } from './cli-context.ts';
import { addDockerOptions, type DockerFlags, dockerOverrides } from './docker-flags.ts';
import { EXIT_CODES, RUN_ENVIRONMENT, RUN_EXAMPLES } from './help-texts.ts';
import { knownRun } from './known-run.ts';
import { addLoadOptions, type LoadFlags, loadOverrides } from './load-flags.ts';
import { type LogSource, logSources } from './log-sources.ts';
import { addProgressOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { type PreparedPlan, preparePlan } from './prepare-plan.ts';
import { addProjectOptions, chooseProject, type ProjectFlags } from './project-flags.ts';
import { RUNS_ROOT, runLoad } from './run-load.ts';

type RunFlags = OutputFlags &
  ProjectFlags &
  LoadFlags &
  DockerFlags & {
    workers?: string;
    vus?: string;
    users?: string;
    duration?: string;
    nodes?: string;
    on?: string;
    target?: string;
    grafana?: string;
    env?: Record<string, string>;
    seed?: string;
    gracefulStop?: string;
    maxLag?: string;
    fail?: number;
    tolerateLostNodes?: boolean;
  };

/** Adds `loads run`. */
export function addRun(loads: Command, context: CliContext): void {
  const run = loads
    .command('run')
    .description('run a scenario as load and judge it')
    .argument('[file]', 'a scenario (shop.ts) or a configuration (default: loads.yml, or molotov.json)')
    .usage('[options] [file]\n       loads run [options] [file] -- command [argument...]')
    .option('-w, --workers <n>', 'virtual users over all nodes (also -u, --vus, --users; default: one on each node)')
    .addOption(new Option('-u, --vus <n>').hideHelp())
    .addOption(new Option('--users <n>').hideHelp())
    .option('-d, --duration <time>', 'how long workers begin iterations: 30s, 1h30m (default: 1m)')
    .option('--nodes <n>', 'independent nodes to split the load over (default: 1)')
    .addOption(new Option('--on <launcher>', 'where the nodes run (default: process)').choices([...LAUNCHERS]))
    .option('-t, --target <url>', 'where relative URLs of the scenario start')
    .option('--grafana <url>', 'where Grafana is, for the link to the run')
    .option('-e, --env <KEY=VALUE>', 'a variable for the scenario; repeatable', collectPair)
    .option('--seed <n>', 'repeats the choices of scenarios and faults (default: random, shown)')
    .option('--graceful-stop <time>', 'how long iterations in flight may take at the end (default: 30s)')
    .addOption(
      new Option('--fail [n]', 'exit with 97 when n or more iterations failed (default: 1)').argParser(wholeNumber),
    )
    .option('--max-lag <time>', 'how late the load generator may be before the run is invalid (default: 100ms)')
    .option('--tolerate-lost-nodes', 'judge what is left when a node was lost');
  addProgressOptions(
    addDockerOptions(addLoadOptions(addProjectOptions(run))),
    'what scenarios write, their requests, all errors in full; -vv: bodies, too',
  )
    .addHelpText('after', RUN_EXAMPLES)
    .addHelpText('after', RUN_ENVIRONMENT)
    .addHelpText('after', EXIT_CODES)
    .action(async (file: string | undefined, flags: RunFlags) => {
      // A functional test shows its errors in full.
      const { verbose = flags.singleRun ? 1 : 0 } = flags;
      const terminal = terminalOf({ ...flags, verbose }, context);
      let engines: Promise<readonly Engine[]> | undefined;
      const request = {
        command: context.command,
        flags: overridesOf(flags),
        env: context.env,
        defaultSeed: Math.floor(Math.random() * 1_000_000),
        onEngines(hosts: readonly string[]): void {
          engines = enginesOf(hosts, context.env);
          // What is wrong with them is said where they are needed.
          engines.catch(() => undefined);
        },
      };
      // What was fetched stays until its run has ended.
      await using fetched = new AsyncDisposableStack();
      const prepare = async (signal: AbortSignal): Promise<PreparedPlan> => {
        const { directory, ...chosen } = await chooseProject(file, flags, context, {
          terminal,
          stack: fetched,
          signal,
        });
        const prepared = await preparePlan({ ...request, ...chosen }, signal);
        for (const note of prepared.notes) terminal.warn(note);
        return { ...prepared, plan: withDump(prepared.plan, flags), workingDirectory: directory };
      };
      context.exit(
        await runLoad(
          prepare,
          (prepared) => launcherFor(prepared, flags, { env: context.env, engines }),
          (plan) => judgingOf(plan, flags),
          terminal,
          flags.verbose === undefined ? undefined : (run) => outputOf(run, flags, context),
        ),
      );
    });
}

/** The launcher of the plan. Throws ERR_USAGE when flags speak of containers and there are none. */
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

/** One failed iteration is a failure of a run that ends with the first, and of one that is a functional test. */
function judgingOf({ load, stopOnFailure, failAt }: RunPlan, { fail, tolerateLostNodes = false }: RunFlags): Judging {
  const strict = stopOnFailure || load?.some(({ model }) => model.kind === 'once');
  return { tolerateLostNodes, failAt: fail ?? failAt ?? (strict ? 1 : undefined) };
}

/** With `-v` scenario processes write their requests to their output, with `-vv` the bodies as well. */
function withDump(plan: RunPlan, { verbose = 0 }: RunFlags): RunPlan {
  return verbose === 0 ? plan : { ...plan, dump: verbose > 1 ? 'bodies' : 'heads' };
}

/** What the scenario processes of a run write while it goes on. */
async function outputOf(
  run: string,
  { dockerHost: hosts = [] }: RunFlags,
  { env }: CliContext,
): Promise<readonly LogSource[]> {
  const sources = await logSources(await knownRun(run, { root: resolve(RUNS_ROOT), hosts, env }), true);
  return sources.filter(({ name }) => name.endsWith(' scenario'));
}

function overridesOf(flags: RunFlags): Overrides {
  const texts: readonly (readonly [string, string, string | undefined])[] = [
    ['workers', '--workers', flags.workers],
    ['workers', '--vus', flags.vus],
    ['workers', '--users', flags.users],
    ['duration', '--duration', flags.duration],
    ['nodes', '--nodes', flags.nodes],
    ['target', '--target', flags.target],
    ['grafana', '--grafana', flags.grafana],
    ['seed', '--seed', flags.seed],
    ['on', '--on', flags.on],
    ['gracefulStop', '--graceful-stop', flags.gracefulStop],
    ['maxLag', '--max-lag', flags.maxLag],
  ];
  const overrides: Override[] = [];
  for (const [key, origin, text] of texts) {
    if (text === undefined) continue;
    const same = overrides.find(({ path }) => path[0] === key);
    if (same) throw new LoadsError('ERR_USAGE', `${same.origin} and ${origin} are two names of one option`);
    overrides.push(overrideOf([key], text, origin));
  }
  const variables = Object.entries(flags.env ?? {});
  return [
    ...overrides,
    ...loadOverrides(flags),
    ...dockerOverrides(flags),
    ...variables.map(([name, value]) => ({ path: ['env', name], value, origin: '--env' }) as const),
  ];
}

function collectPair(text: string, previous: Record<string, string> | undefined): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Expected KEY=VALUE.');
  return { ...previous, [text.slice(0, equals)]: text.slice(equals + 1) };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number of 1 or more.');
  return value;
}
