import { LAUNCHERS, LoadsError } from '@loads/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Override, type Overrides, overrideOf } from '../config/overrides.ts';
import { addDockerOptions, type DockerFlags, dockerOverrides } from './docker-flags.ts';
import { addLabelOption, type LabelFlags } from './label-flag.ts';
import { addLoadOptions, type LoadFlags, loadOverrides } from './load-flags.ts';

/** The flags that stand over the configuration: what is run, how much of it, and where. */
export type PlanFlags = LoadFlags &
  LabelFlags &
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
    monitor?: Record<string, string>;
    seed?: string;
    gracefulStop?: string;
    maxLag?: string;
    tolerateLostNodes?: boolean;
  };

/** Adds them to a command. */
export function addPlanOptions(command: Command): Command {
  const own = command
    .option('-w, --workers <n>', 'virtual users over all nodes (also -u, --vus, --users; default: one on each node)')
    .addOption(new Option('-u, --vus <n>').hideHelp())
    .addOption(new Option('--users <n>').hideHelp())
    .option('-d, --duration <time>', 'how long workers begin iterations: 30s, 1h30m (default: 1m)')
    .option('--nodes <n>', 'independent nodes to split the load over (default: 1)')
    .addOption(new Option('--on <launcher>', 'where the nodes run (default: process)').choices([...LAUNCHERS]))
    .option('-t, --target <url>', 'where relative URLs of the scenario start')
    .option('--grafana <url>', 'where Grafana is, for the link to the run')
    .option('-e, --env <KEY=VALUE>', 'a variable for the scenario; repeatable', collectPair)
    .option('--monitor <NAME=URL>', 'a host to watch, where `loads monitor` runs; repeatable', collectPair)
    .option('--seed <n>', 'repeats the choices of scenarios and faults (default: random, shown)')
    .option('--graceful-stop <time>', 'how long iterations in flight may take at the end (default: 30s)')
    .option('--max-lag <time>', 'how late the load generator may be before the run is invalid (default: 100ms)')
    .option('--tolerate-lost-nodes', 'judge what is left when a node was lost');
  return addLabelOption(addDockerOptions(addLoadOptions(own)));
}

/** What they set. Throws ERR_USAGE for two names of one option. */
export function planOverrides(flags: PlanFlags): Overrides {
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
  const hosts = Object.entries(flags.monitor ?? {});
  return [
    ...overrides,
    ...loadOverrides(flags),
    ...dockerOverrides(flags),
    ...variables.map(([name, value]) => ({ path: ['env', name], value, origin: '--env' }) as const),
    ...hosts.map(([name, url]) => ({ path: ['monitors', name], value: { url }, origin: '--monitor' }) as const),
  ];
}

/** Reads `KEY=VALUE` of an option that may be given more than once. */
export function collectPair(text: string, previous: Record<string, string> | undefined): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Expected KEY=VALUE.');
  return { ...previous, [text.slice(0, equals)]: text.slice(equals + 1) };
}
