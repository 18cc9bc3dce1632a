import type * as z from 'zod';
import { LoadsError } from '../errors/loads-error.ts';
import type { ScheduleEntry } from '../schedule/schedule.ts';
import { parseThreshold, type Threshold } from '../thresholds/threshold.ts';
import { parseAddress } from './address.ts';
import { type Config, configSchema, type FaultCatalog, type ProxyConfig } from './config-schema.ts';
import { didYouMean, type Problem } from './problem.ts';
import { type Address, LONGEST_RUN_MS, type ProxyPlan, type RunPlan, type ScenarioSource } from './run-plan.ts';

export type PlanContext = {
  readonly catalog: FaultCatalog;
  /** The seed of a run whose configuration gives none. */
  readonly defaultSeed: number;
};

const DEFAULT_DURATION_MS = 60_000;

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
  nodes: ['workers'],
  workers: ['nodes'],
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
function resolve(config: Config, context: PlanContext, problems: Problem[]): RunPlan | undefined {
  const scenario = scenarioOf(config, problems);
  const workers = config.workers ?? config.nodes;
  if (workers < config.nodes) {
    const message = `${config.nodes} nodes need at least one worker each, and there are ${workers} in all`;
    problems.push({ path: ['nodes'], message });
  }
  if (scenario?.kind === 'command' && config.workers !== undefined) {
    problems.push({ path: ['workers'], message: 'a command runs once on each node: say `nodes` instead' });
  }
  const openEnded = scenario?.kind === 'command' && config.duration === undefined;
  const durationMs = openEnded ? null : (config.duration ?? DEFAULT_DURATION_MS);
  const plan = {
    version: 1 as const,
    name: config.name ?? nameOf(scenario),
    target: config.target,
    nodes: config.nodes,
    workers: scenario?.kind === 'command' ? config.nodes : workers,
    durationMs,
    gracefulStopMs: config.gracefulStop,
    recoveryMs: config.recovery,
    seed: config.seed ?? context.defaultSeed,
    env: config.env,
    proxies: Object.entries(config.proxies).flatMap(([name, proxy]) => proxyOf(name, proxy, config, context, problems)),
    schedule: scheduleOf(config, durationMs ?? LONGEST_RUN_MS, context, problems),
    thresholds: thresholdsOf(config, problems),
    influx: config.influx,
  };
  return scenario && { ...plan, scenario };
}

function scenarioOf(config: Config, problems: Problem[]): ScenarioSource | undefined {
  if (config.scenario !== undefined && config.command !== undefined) {
    problems.push({ path: ['command'], message: '`scenario` and `command` exclude each other' });
  } else if (config.command !== undefined) {
    return { kind: 'command', command: config.command };
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
  const { backend, protocol, behavior, ...options } = proxy;
  const path = ['proxies', name];
  if (!catalog.protocols.includes(protocol)) {
    const known = catalog.protocols.join(', ');
    const hint = didYouMean(protocol, catalog.protocols);
    const choice = hint ? `did you mean '${hint}'? (there are ${known})` : `there are ${known}`;
    problems.push({ path: [...path, 'protocol'], message: `'${protocol}' is no protocol; ${choice}` });
  }
  const behaviors = behaviorsOf({ spec: behavior ?? 'dummy', options, protocol }, path, catalog, problems);
  const address = backendOf(backend, config.target);
  if (address) return [{ name, backend: address, protocol, behaviors }];
  const message =
    backend === undefined
      ? 'needs a `backend`, or a `target` of the run to forward to'
      : `expected host:port, got '${backend}'`;
  problems.push({ path: backend === undefined ? path : [...path, 'backend'], message });
  return [];
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

function scheduleOf(
  config: Config,
  endMs: number,
  { catalog }: PlanContext,
  problems: Problem[],
): readonly ScheduleEntry[] {
  const names = new Set<string>();
  return config.chaos.map((entry, i) => {
    const { name = `chaos-${i + 1}`, at, for: lasts, proxy, behavior, ...options } = entry;
    const path = ['chaos', i];
    if (names.has(name)) problems.push({ path: [...path, 'name'], message: `'${name}' is used twice` });
    names.add(name);
    if (!Object.hasOwn(config.proxies, proxy)) {
      const hint = didYouMean(proxy, Object.keys(config.proxies));
      const message = `there is no proxy '${proxy}'${hint ? `; did you mean '${hint}'?` : ''}`;
      problems.push({ path: [...path, 'proxy'], message });
    }
    if (at >= endMs) problems.push({ path: [...path, 'at'], message: 'begins when the run has ended' });
    const protocol = config.proxies[proxy]?.protocol ?? 'tcp';
    const behaviors = behaviorsOf({ spec: behavior, options, protocol }, path, catalog, problems);
    return { name, proxy, atMs: at, forMs: lasts, behaviors };
  });
}

type BehaviorSpec = {
  readonly spec: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly protocol: string;
};

function behaviorsOf(
  { spec, options, protocol }: BehaviorSpec,
  path: readonly (string | number)[],
  catalog: FaultCatalog,
  problems: Problem[],
): ProxyPlan['behaviors'] {
  const parsed = catalog.parse(spec, options, protocol);
  if (!('problems' in parsed)) return parsed;
  for (const problem of parsed.problems) problems.push({ path: [...path, ...problem.path], message: problem.message });
  return [];
}

function thresholdsOf(config: Config, problems: Problem[]): readonly Threshold[] {
  return Object.entries(config.thresholds).flatMap(([selector, expressions]) =>
    expressions.flatMap((expression, i) => {
      try {
        return [parseThreshold(selector, expression)];
      } catch (error) {
        if (!(error instanceof LoadsError)) throw error;
        const message = error.hint ? `${error.message}; ${error.hint}` : error.message;
        problems.push({ path: ['thresholds', selector, i], message });
        return [];
      }
    }),
  );
}

function nameOf(scenario: ScenarioSource | undefined): string {
  const source = scenario?.kind === 'script' ? scenario.file : (scenario?.command[0] ?? 'run');
  const base = source.split('/').at(-1) ?? source;
  return base.replace(/\.[^.]*$/, '').replaceAll(/[^A-Za-z0-9_-]/g, '-') || 'run';
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const hint = didYouMean(key, path.length === 0 ? CONFIG_KEYS : INFLUX_KEYS);
      return { path: [...path, key], message: `unknown key '${key}'${hint ? `; did you mean '${hint}'?` : ''}` };
    });
  }
  if (issue.code === 'invalid_union') {
    const [first] = issue.errors.flat();
    if (first && issue.message === 'Invalid input')
      return problemsOf({ ...first, path: [...issue.path, ...first.path] });
  }
  if (issue.code === 'invalid_key') return issue.issues.map((inner) => ({ path, message: inner.message }));
  return [{ path, message: issue.message }];
}

const CONFIG_KEYS: readonly string[] = [
  'name',
  'scenario',
  'command',
  'target',
  'nodes',
  'workers',
  'duration',
  'gracefulStop',
  'recovery',
  'seed',
  'env',
  'proxies',
  'chaos',
  'thresholds',
  'influx',
];
/** `influx` is the one key whose own keys are all known. */
const INFLUX_KEYS: readonly string[] = ['url', 'bucket', 'org', 'token'];
