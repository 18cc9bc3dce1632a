/** A value that stands over the configuration file's, and the name under which its user knows it (`--workers`). */
export type Override = {
  readonly path: readonly [string, ...string[]];
  readonly value: unknown;
  readonly origin: string;
  /** A problem below it is told with its own path: a value with parts, not one text. */
  readonly nested?: boolean | undefined;
};

/** In the order in which they are applied: a later one stands over an earlier one. */
export type Overrides = readonly Override[];

/** The variables of the environment that stand over the configuration file, and the keys that they set. */
export const ENVIRONMENT: ReadonlyMap<string, Override['path']> = new Map([
  ['LOADS_NAME', ['name']],
  ['LOADS_TARGET', ['target']],
  ['LOADS_NODES', ['nodes']],
  ['LOADS_PROCESSES', ['processes']],
  ['LOADS_WORKERS', ['workers']],
  ['LOADS_DURATION', ['duration']],
  ['LOADS_RATE', ['rate']],
  ['LOADS_STAGES', ['stages']],
  ['LOADS_ITERATIONS', ['iterations']],
  ['LOADS_HITS', ['hits']],
  ['LOADS_MAX_RUNS', ['maxRuns']],
  ['LOADS_RAMP_UP', ['rampUp']],
  ['LOADS_DELAY', ['delay']],
  ['LOADS_PACING', ['pacing']],
  ['LOADS_GRACEFUL_STOP', ['gracefulStop']],
  ['LOADS_RECOVERY', ['recovery']],
  ['LOADS_MAX_LAG', ['maxLag']],
  ['LOADS_SEED', ['seed']],
  ['LOADS_ON', ['on']],
  ['LOADS_INFLUX_URL', ['influx', 'url']],
  ['LOADS_INFLUX_BUCKET', ['influx', 'bucket']],
  ['LOADS_INFLUX_ORG', ['influx', 'org']],
  ['LOADS_INFLUX_TOKEN', ['influx', 'token']],
  ['LOADS_GRAFANA', ['grafana']],
]);

const NUMBERS: readonly string[] = [
  'nodes',
  'processes',
  'workers',
  'maxWorkers',
  'iterations',
  'hits',
  'maxRuns',
  'sizingTolerance',
  'seed',
];

/** What the variables of `ENVIRONMENT` set. An empty one counts as not set. */
export function environmentOverrides(env: NodeJS.ProcessEnv): Overrides {
  return [...ENVIRONMENT].flatMap(([variable, path]) => {
    const text = env[variable];
    return text === undefined || text === '' ? [] : [overrideOf(path, text, variable)];
  });
}

/** The override that a text from outside means. What is wrong with it is for the schema to say. */
export function overrideOf(path: Override['path'], text: string, origin: string): Override {
  if (path[0] === 'stages') return { path, value: stagesOf(text), origin };
  return { path, value: NUMBERS.includes(path[0]) ? numberOrText(text) : text, origin };
}

/** Stages as a text: `30s:100,1m:100` of workers, `30s:500/s` of rates. What is no number is for the schema to refuse. */
export function stagesOf(text: string): readonly unknown[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [time = '', target = ''] = part.trim().split(':');
      return target.includes('/') ? { for: time, rate: target } : { for: time, workers: numberOrText(target) };
    });
}

/** A text that is a number becomes one. */
export function numberOrText(text: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** A copy of `content` with the overrides applied. */
export function override(
  content: Readonly<Record<string, unknown>>,
  overrides: Overrides,
): Readonly<Record<string, unknown>> {
  const config: Record<string, unknown> = { ...content };
  for (const { path, value } of overrides) {
    const [key, inner] = path;
    const below = config[key];
    if (inner === undefined) config[key] = value;
    else if (below === undefined || below === null) {
      // A token alone names no database: it waits in the environment for the runs that have one.
      if (key !== 'influx' || inner === 'url') config[key] = { [inner]: value };
    }
    // What is no map is left for the schema to refuse.
    else if (typeof below === 'object' && !Array.isArray(below)) config[key] = { ...below, [inner]: value };
  }
  return config;
}

/** The override that decides about a path, if one does. */
export function overrideAt(overrides: Overrides, path: readonly (string | number)[]): Override | undefined {
  return overrides.findLast((one) => one.path.every((key, i) => key === path[i]));
}
