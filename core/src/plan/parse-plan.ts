import type * as z from 'zod';
import { type ResolvedLoad, resolveLoad } from '../load/resolve-load.ts';
import { DEFAULT_TOLERANCE_PERCENT, sizingProblems, withSizingDefaults } from '../sizing/sizing-config.ts';
import { parseAddress } from './address.ts';
import { type ChaosPlan, chaosPlan } from './chaos-plan.ts';
import { commandKeyProblems, commandLoad, commandSource } from './command-plan.ts';
import { type Config, configSchema, type FaultCatalog, type ProxyConfig } from './config-schema.ts';
import { settingOf } from './fault-setting.ts';
import { monitorsOf } from './monitor-plan.ts';
import { didYouMean, type Problem } from './problem.ts';
import { isRemote, type RemoteProxyPlan, readRemote } from './remote-proxy.ts';
import { type Address, LONGEST_RUN_MS, type ProxyPlan, type RunPlan, type ScenarioSource } from './run-plan.ts';
import { problemsOf } from './schema-problems.ts';
import { thresholdsOf } from './threshold-plan.ts';

export type PlanContext = {
  readonly catalog: FaultCatalog;
  /** The seed of a run whose configuration gives none. */
  readonly defaultSeed: number;
};

/**
 * Turns a configuration of any shape into a plan, or says everything that is wrong with it: what is wrong in each key
 * by itself, and between the keys that are sound.
 */
export function parsePlan(
  input: unknown,
  context: PlanContext,
): { readonly plan: RunPlan } | { readonly problems: readonly Problem[] } {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) {
    const { issues } = parsed.error;
    return { problems: [...issues.flatMap(problemsOf), ...problemsBeyond(input, brokenKeys(issues), context)] };
  }
  const problems: Problem[] = [];
  const plan = resolve(parsed.data, context, problems);
  return problems.length > 0 || plan === undefined ? { problems } : { plan };
}

/** What cannot be judged while a key is broken: to speak of it would blame it for another's fault. */
const LEANS_ON: Readonly<Record<string, readonly string[]>> = {
  target: ['proxies', 'chaos'],
  proxies: ['chaos'],
  duration: ['chaos'],
  nodes: ['workers', 'processes'],
  workers: ['nodes', 'processes'],
  processes: ['nodes', 'workers'],
};

/** The problems of the keys that are sound, judged without the broken ones and what leans on those. */
function problemsBeyond(input: unknown, broken: ReadonlySet<string>, context: PlanContext): readonly Problem[] {
  if (typeof input !== 'object' || input === null) return [];
  const left = new Set([...broken].flatMap((key) => [key, ...(LEANS_ON[key] ?? [])]));
  const rest = Object.fromEntries(Object.entries(input).filter(([key]) => !left.has(key)));
  // A source that is broken was named all the same.
  const stand = broken.has('scenario') ? { scenario: '-' } : broken.has('command') ? { command: ['-'] } : {};
  const parsed = configSchema.safeParse({ ...rest, ...stand });
  const problems: Problem[] = [];
  if (parsed.success) resolve(parsed.data, context, problems);
  return problems;
}

/** The keys of the configuration that the schema refused. */
function brokenKeys(issues: readonly z.core.$ZodIssue[]): ReadonlySet<string> {
  return new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [String(issue.path[0] ?? '')],
    ),
  );
}

/** Settles what depends on more than one key; what is wrong goes into `problems`. */
function resolve(given: Config, context: PlanContext, problems: Problem[]): RunPlan | undefined {
  problems.push(...sizingProblems(given));
  const config = withSizingDefaults(given);
  const scenario = scenarioOf(config, problems);
  const load = scenario?.kind === 'command' ? commandLoad(config, problems) : scriptLoad(config, problems);
  if (scenario) problems.push(...commandKeyProblems(config, scenario));
  if (config.busyWait && !load.load?.some(({ model }) => model.kind === 'arrivals'))
    problems.push({ path: ['busyWait'], message: 'needs a `rate`' });
  const { durationMs } = load;
  const seed = config.seed ?? context.defaultSeed;
  const { catalog } = context;
  const proxies = Object.entries(config.proxies).flatMap(([name, proxy]) =>
    isRemote(proxy) ? [] : proxyOf(name, proxy, config, context, problems),
  );
  const chaos = chaosPlan(config, { catalog, seed, endMs: durationMs ?? LONGEST_RUN_MS }, problems);
  const plan = {
    version: 1 as const,
    name: config.name ?? nameOf(scenario),
    target: config.target,
    nodes: config.nodes,
    workers: config.each ? load.workers * config.nodes : load.workers,
    durationMs,
    ...runningOf(config, load),
    gracefulStopMs: config.gracefulStop,
    recoveryMs: config.recovery,
    seed,
    env: config.env,
    proxies,
    ...remotesOf(config, chaos, context, problems),
    ...monitorsOf(config.monitors),
    schedule: chaos.schedule,
    thresholds: thresholdsOf(config, chaos.schedule, problems),
    influx: config.influx,
    grafana: config.grafana,
  };
  return scenario && { ...plan, scenario };
}

function scriptLoad(config: Config, problems: Problem[]): ResolvedLoad {
  const { nodes, processes, each } = config;
  const slots = each ? processes : nodes * processes;
  const load = resolveLoad({ ...config, defaultWorkers: slots }, problems);
  // What a single run or arrivals leave idle is no mistake.
  const shared = (load.load ?? []).every(({ model }) => model.kind === 'workers');
  if (shared && load.workers < slots) {
    const message =
      processes === 1
        ? `${nodes} nodes need at least one worker each, and there are ${load.workers} in all`
        : `${plural(slots, 'process')} of ${each ? 'each node' : 'all nodes'} need at least one worker each, and there are ${load.workers} in all`;
    problems.push({ path: [processes === 1 ? 'nodes' : 'processes'], message });
  }
  return load;
}

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}es`;
}

/** What a plan names only where it is not as usual. */
function runningOf(
  {
    processes,
    each,
    singleMode,
    weights,
    stopOnFailure,
    sizing,
    sizingTolerance,
    fail,
    extensions,
    maxLag,
    busyWait,
  }: Config,
  { load }: ResolvedLoad,
): Pick<
  RunPlan,
  | 'processes'
  | 'each'
  | 'load'
  | 'singleMode'
  | 'weights'
  | 'stopOnFailure'
  | 'sizing'
  | 'failAt'
  | 'extensions'
  | 'maxLagMs'
  | 'busyWait'
> {
  return {
    ...(processes > 1 && { processes }),
    ...(each && { each }),
    ...(load && { load }),
    ...(singleMode !== undefined && { singleMode }),
    ...(Object.keys(weights).length > 0 && { weights }),
    ...(stopOnFailure && { stopOnFailure }),
    ...(sizing && { sizing: { tolerance: (sizingTolerance ?? DEFAULT_TOLERANCE_PERCENT) / 100 } }),
    ...(fail !== undefined && { failAt: fail }),
    ...(extensions.length > 0 && { extensions }),
    ...(maxLag !== undefined && { maxLagMs: maxLag }),
    ...(busyWait && { busyWait }),
  };
}

function scenarioOf(config: Config, problems: Problem[]): ScenarioSource | undefined {
  if (config.scenario !== undefined && config.command !== undefined) {
    problems.push({ path: ['command'], message: '`scenario` and `command` exclude each other' });
  } else if (config.command !== undefined) {
    return commandSource(config.command, config);
  } else if (config.scenario !== undefined) {
    return { kind: 'script', file: config.scenario };
  } else {
    problems.push({ path: [], message: 'names no `scenario` (a file) and no `command` (a program)' });
  }
  return undefined;
}

function proxyOf(
  name: string,
  proxy: ProxyConfig,
  config: Config,
  { catalog }: PlanContext,
  problems: Problem[],
): readonly ProxyPlan[] {
  const { backend, protocol = 'tcp', behavior, control: _, ...given } = proxy;
  const path = ['proxies', name];
  checkProtocol(protocol, path, catalog, problems);
  const { settings, rest: options, problems: found } = catalog.proxy(given, protocol);
  for (const one of found) problems.push({ path: [...path, ...one.path], message: one.message });
  const setting = settingOf({ spec: behavior ?? 'dummy', options, protocol }, path, catalog, problems);
  const address = backendOf(backend, config.target);
  if (address) return [{ name, backend: address, protocol, ...setting, ...(settings && { settings }) }];
  const message =
    backend === undefined
      ? 'needs a `backend`, or a `target` of the run to forward to'
      : `expected host:port, got '${backend}'`;
  problems.push({ path: backend === undefined ? path : [...path, 'backend'], message });
  return [];
}

/** The proxies that stand elsewhere, each with what it is to keep of the schedule; and nothing where there is none. */
function remotesOf(
  config: Config,
  chaos: ChaosPlan,
  { catalog }: PlanContext,
  problems: Problem[],
): { readonly remotes?: readonly RemoteProxyPlan[] } {
  const remotes = Object.entries(config.proxies).flatMap(([name, proxy]): readonly RemoteProxyPlan[] => {
    if (!isRemote(proxy)) return [];
    const path = ['proxies', name];
    if (proxy.protocol !== undefined) checkProtocol(proxy.protocol, path, catalog, problems);
    const read = readRemote(name, proxy);
    if (!('problems' in read)) return [{ ...read, entries: chaos.remote.get(name) ?? [] }];
    for (const one of read.problems) problems.push({ path: [...path, ...one.path], message: one.message });
    return [];
  });
  return remotes.length > 0 ? { remotes } : {};
}

function checkProtocol(
  protocol: string,
  path: readonly (string | number)[],
  catalog: FaultCatalog,
  problems: Problem[],
): void {
  if (catalog.protocols.includes(protocol)) return;
  const known = catalog.protocols.join(', ');
  const hint = didYouMean(protocol, catalog.protocols);
  const choice = hint ? `did you mean '${hint}'? (there are ${known})` : `there are ${known}`;
  problems.push({ path: [...path, 'protocol'], message: `'${protocol}' is no protocol; ${choice}` });
}

/** Where a proxy forwards to: what is configured, else the target itself. */
function backendOf(backend: string | undefined, target: string | undefined): Address | undefined {
  if (backend !== undefined) return parseAddress(backend);
  return target === undefined ? undefined : addressOfUrl(target);
}

/** The host and port that a URL's requests go to. */
export function addressOfUrl(url: string): Address {
  const { hostname, port, protocol } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  };
}

function nameOf(scenario: ScenarioSource | undefined): string {
  const source = scenario?.kind === 'script' ? scenario.file : (scenario?.command[0] ?? 'run');
  const base = source.split('/').at(-1) ?? source;
  return base.replace(/\.[^.]*$/, '').replaceAll(/[^A-Za-z0-9_-]/g, '-') || 'run';
}
