import { LoadsError } from '@loads/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { loadPlan } from '../config/load-plan.ts';
import { type Override, type Overrides, overrideOf } from '../config/overrides.ts';
import { launchers } from '../launch/registry.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT_CODES, RUN_ENVIRONMENT, RUN_EXAMPLES } from './help-texts.ts';
import { addProgressOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { runLoad } from './run-load.ts';

type RunFlags = OutputFlags & {
  workers?: string;
  vus?: string;
  users?: string;
  duration?: string;
  nodes?: string;
  on: string;
  target?: string;
  env?: Record<string, string>;
  seed?: string;
  gracefulStop?: string;
  fail?: number;
  tolerateLostNodes?: boolean;
};

/** Adds `loads run`. */
export function addRun(loads: Command, context: CliContext): void {
  const run = loads
    .command('run')
    .description('run a scenario as load and judge it')
    .argument('[file]', 'a scenario (shop.ts) or a configuration (loads.yml, the default)')
    .usage('[options] [file]\n       loads run [options] [file] -- command [argument...]')
    .option('-w, --workers <n>', 'virtual users over all nodes (also -u, --vus, --users; default: one on each node)')
    .addOption(new Option('-u, --vus <n>').hideHelp())
    .addOption(new Option('--users <n>').hideHelp())
    .option('-d, --duration <time>', 'how long workers begin iterations: 30s, 1h30m (default: 1m)')
    .option('--nodes <n>', 'independent nodes to split the load over (default: 1)')
    .addOption(new Option('--on <launcher>', 'where the nodes run').choices([...launchers.keys()]).default('process'))
    .option('-t, --target <url>', 'where relative URLs of the scenario start')
    .option('-e, --env <KEY=VALUE>', 'a variable for the scenario; repeatable', collectPair)
    .option('--seed <n>', 'repeats the choices of scenarios and faults (default: random, shown)')
    .option('--graceful-stop <time>', 'how long iterations in flight may take at the end (default: 30s)')
    .addOption(
      new Option('--fail [n]', 'exit with 97 when n or more iterations failed (default: 1)').argParser(wholeNumber),
    )
    .option('--tolerate-lost-nodes', 'judge what is left when a node was lost');
  addProgressOptions(run)
    .addHelpText('after', RUN_EXAMPLES)
    .addHelpText('after', RUN_ENVIRONMENT)
    .addHelpText('after', EXIT_CODES)
    .action(async (file: string | undefined, flags: RunFlags) => {
      const terminal = terminalOf(flags, context);
      const plan = await loadPlan({
        file: file ?? (context.command ? undefined : 'loads.yml'),
        command: context.command,
        flags: overridesOf(flags),
        env: context.env,
        defaultSeed: Math.floor(Math.random() * 1_000_000),
      });
      const launcher = launchers.get(flags.on);
      if (!launcher) throw new LoadsError('ERR_USAGE', `there is no launcher '${flags.on}'`);
      const judging = { tolerateLostNodes: flags.tolerateLostNodes ?? false, failAt: flags.fail };
      context.exit(await runLoad(plan, launcher, judging, terminal));
    });
}

function overridesOf(flags: RunFlags): Overrides {
  const texts: readonly (readonly [string, string, string | undefined])[] = [
    ['workers', '--workers', flags.workers],
    ['workers', '--vus', flags.vus],
    ['workers', '--users', flags.users],
    ['duration', '--duration', flags.duration],
    ['nodes', '--nodes', flags.nodes],
    ['target', '--target', flags.target],
    ['seed', '--seed', flags.seed],
    ['gracefulStop', '--graceful-stop', flags.gracefulStop],
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
