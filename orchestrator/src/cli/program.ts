import { formatDuration, LoadsError } from '@loads/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadPlan } from '../config/load-plan.ts';
import { numberOrText, type Override } from '../config/overrides.ts';
import { launchers } from '../launch/registry.ts';
import { inspectScenario } from '../preflight/inspect-scenario.ts';
import { attachRun } from '../run/run.ts';
import { RunFolder } from '../store/run-folder.ts';
import { Interrupts } from './interrupts.ts';
import { RUNS_ROOT, runLoad, watch } from './run-load.ts';
import type { Terminal, TerminalOptions } from './terminal.ts';

export type CliContext = {
  readonly env: NodeJS.ProcessEnv;
  /** What follows `--` on the command line. */
  readonly command: readonly string[] | undefined;
  terminal(options: TerminalOptions): Terminal;
  /** Takes the exit code of a command that ran to its end. */
  exit(code: number): void;
};

type OutputFlags = { json?: boolean; quiet?: boolean; verbose?: boolean; color?: boolean };
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

const EXIT_CODES = `
Exit codes:
  0 passed · 97 iterations failed (--fail) · 98 run invalid · 99 threshold crossed · 104 bad configuration
  105 stopped by the user · 107 scenario not loaded, or its setup threw · 109 nodes could not be run`;

/** The command line of \`loads\`. */
export function program(version: string, context: CliContext): Command {
  const loads = new Command('loads')
    .description('Load and chaos in one run: does the service hold, under load, while its network breaks?')
    .version(version)
    .showSuggestionAfterError()
    .configureHelp({ helpWidth: 100 })
    .addHelpText('after', EXIT_CODES);
  addRun(loads, context);
  addAttach(loads, context);
  addCheck(loads, context);
  return loads;
}

function addRun(loads: Command, context: CliContext): void {
  const run = loads
    .command('run')
    .description('run a scenario as load and judge it')
    .argument('[file]', 'a scenario (shop.ts) or a configuration (loads.yml, the default)')
    .usage('[options] [file]\n       loads run [options] [file] -- command [argument...]')
    .option('-w, --workers <n>', 'virtual users over all nodes (also --vus, --users)')
    .addOption(new Option('-u, --vus <n>').hideHelp())
    .addOption(new Option('--users <n>').hideHelp())
    .option('-d, --duration <time>', 'how long workers begin iterations: 30s, 1h30m (default: 1m)')
    .option('--nodes <n>', 'independent nodes to split the load over (default: 1)')
    .addOption(new Option('--on <launcher>', 'where the nodes run').choices([...launchers.keys()]).default('process'))
    .option('-t, --target <url>', 'where relative URLs of the scenario start')
    .option('-e, --env <KEY=VALUE>', 'a variable for the scenario; repeatable', collectPair)
    .option('--seed <n>', 'repeats the choices of scenarios and faults (default: random, shown)')
    .option('--graceful-stop <time>', 'how long iterations in flight may take at the end (default: 30s)')
    .option('--fail [n]', 'exit with 97 when n or more iterations failed (default: 1)', wholeNumber)
    .option('--tolerate-lost-nodes', 'judge what is left when a node was lost');
  addOutputOptions(run)
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
      const failAt = flags.fail;
      const judging = { tolerateLostNodes: flags.tolerateLostNodes ?? false, failAt };
      context.exit(await runLoad(plan, launcher, judging, terminal));
    });
}

function addAttach(loads: Command, context: CliContext): void {
  const attach = loads
    .command('attach')
    .description('rejoin a run, or judge one that has ended')
    .argument('[run]', 'its id, the beginning of its id, or its folder (default: the newest)');
  addOutputOptions(attach).action(async (name: string | undefined, flags: OutputFlags) => {
    const terminal = terminalOf(flags, context);
    const folder = await RunFolder.open(RUNS_ROOT, name);
    const launcher = launchers.get(folder.record.launcher);
    if (!launcher) throw new LoadsError('ERR_RUN_DAMAGED', `there is no launcher '${folder.record.launcher}'`);
    using interrupts = new Interrupts();
    const running = await attachRun(folder, launcher);
    context.exit(await watch(running, folder, interrupts, terminal));
  });
}

function addCheck(loads: Command, context: CliContext): void {
  const check = loads
    .command('check')
    .description('validate a scenario or a configuration without running it')
    .argument('[file]', 'a scenario (shop.ts) or a configuration', 'loads.yml');
  addOutputOptions(check).action(async (file: string, flags: OutputFlags) => {
    const terminal = terminalOf(flags, context);
    const plan = await loadPlan({ file, flags: new Map(), env: context.env, defaultSeed: 0 });
    const { scenario } = plan;
    const declared =
      scenario.kind === 'script'
        ? await inspectScenario(scenario.file, { ...context.env, ...plan.env }, AbortSignal.timeout(60_000))
        : undefined;
    const names = declared?.scenarios.map(({ name, weight }) => `${name} (${weight})`).join(', ') ?? scenario.kind;
    const duration = plan.durationMs === null ? 'until it ends' : formatDuration(plan.durationMs);
    terminal.line(`${file} is valid: ${names}; ${plan.nodes} nodes, ${plan.workers} workers, ${duration}`);
    context.exit(0);
  });
}

function addOutputOptions(command: Command): Command {
  return command
    .option('-q, --quiet', 'no progress while it runs')
    .option('-v, --verbose', 'stack traces and details')
    .option('--json', 'JSON lines instead of text')
    .option('--no-color', 'no colours (also NO_COLOR)');
}

function terminalOf({ json, quiet, verbose, color }: OutputFlags, context: CliContext): Terminal {
  return context.terminal({
    json: json ?? false,
    quiet: quiet ?? false,
    verbose: verbose ?? false,
    color: color ?? true,
  });
}

function overridesOf(flags: RunFlags): ReadonlyMap<string, Override> {
  const overrides = new Map<string, Override>();
  const set = (key: string, origin: string, text: string | undefined): void => {
    if (text !== undefined) overrides.set(key, { value: numberOrText(text), origin });
  };
  set('workers', '--users', flags.users);
  set('workers', '--vus', flags.vus);
  set('workers', '--workers', flags.workers);
  set('duration', '--duration', flags.duration);
  set('nodes', '--nodes', flags.nodes);
  set('target', '--target', flags.target);
  set('seed', '--seed', flags.seed);
  set('gracefulStop', '--graceful-stop', flags.gracefulStop);
  if (flags.env) overrides.set('env', { value: flags.env, origin: '--env' });
  return overrides;
}

function collectPair(text: string, previous: Record<string, string> | undefined): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Expected KEY=VALUE.');
  return { ...previous, [text.slice(0, equals)]: text.slice(equals + 1) };
}

function wholeNumber(text: string | true): number {
  const value = text === true ? 1 : Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number of 1 or more.');
  return value;
}
