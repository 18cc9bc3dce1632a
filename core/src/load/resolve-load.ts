import type { Problem } from '../plan/problem.ts';
import type { LoadGroup, LoadModel } from './load-group.ts';
import { capacityOf } from './load-group.ts';
import type { LoadConfig, ScenarioConfig, StageConfig } from './load-schema.ts';
import { type Profile, peakOf, profileMs, type Stretch } from './profile.ts';

const DEFAULT_DURATION_MS = 60_000;
/** The default limit of an open model's workers: so many seconds of arrivals may be under way at a time. */
const SECONDS_UNDER_WAY = 10;
const LEAST_MAX_WORKERS = 100;

export type LoadRequest = LoadConfig & {
  readonly scenarios: Readonly<Record<string, ScenarioConfig>>;
  readonly singleRun: boolean;
  /** The workers of a run that names no number: one for each of its processes. */
  readonly defaultWorkers: number;
};

/** What the load of a run comes to: `load` only where it is more than `workers` for `durationMs`. */
export type ResolvedLoad = {
  readonly workers: number;
  readonly durationMs: number | null;
  readonly load?: readonly LoadGroup[] | undefined;
};

type Path = readonly (string | number)[];

/** Settles how the load is made; what contradicts itself goes into `problems`. */
export function resolveLoad(request: LoadRequest, problems: Problem[]): ResolvedLoad {
  const { singleRun, defaultWorkers } = request;
  if (singleRun) {
    const workers = request.workers?.[0] ?? 1;
    return { workers, durationMs: null, load: [{ atMs: 0, durationMs: null, model: { kind: 'once', workers } }] };
  }
  const own = Object.entries(request.scenarios);
  if (own.length === 0) {
    const group = groupOf(request, { atMs: 0, defaultWorkers, path: [] }, problems);
    const { model, durationMs } = group;
    const load = isPlain(group) ? undefined : [group];
    return { workers: Math.max(1, model.kind === 'arrivals' ? model.workers : capacityOf(model)), durationMs, load };
  }
  const load = own.map(([scenario, config]) => {
    const path = ['scenarios', scenario];
    const inherited = inherit(config, request);
    return { scenario, ...groupOf(inherited, { atMs: config.at, defaultWorkers: 1, path }, problems) };
  });
  for (const key of ['rate', 'stages', 'iterations', 'hits'] as const) {
    if (request[key] !== undefined)
      problems.push({ path: [key], message: 'each of `scenarios` has a load of its own' });
  }
  const ends = load.map(({ atMs, durationMs }) => (durationMs === null ? null : atMs + durationMs));
  const endless = ends.some((end) => end === null);
  return {
    workers: Math.max(
      1,
      load.reduce((sum, { model }) => sum + (model.kind === 'arrivals' ? model.workers : capacityOf(model)), 0),
    ),
    durationMs: endless ? null : Math.max(...ends.map((end) => end ?? 0)),
    load,
  };
}

/** A scenario takes its duration and pauses from the run where it names none. */
function inherit(config: ScenarioConfig, { duration, delay, pacing, maxRuns, rampUp }: LoadRequest): LoadConfig {
  const bounded = config.stages ?? config.iterations ?? config.hits;
  return { delay, pacing, maxRuns, rampUp, ...(bounded === undefined ? { duration } : {}), ...config };
}

/** Whether a group is no more than workers that run for a while. */
function isPlain({ model, delay, pacingMs, maxRuns }: LoadGroup): boolean {
  if (delay !== undefined || pacingMs !== undefined || maxRuns !== undefined) return false;
  const [only, ...more] = model.kind === 'workers' ? model.profile : [];
  return only !== undefined && more.length === 0 && only.from === only.to;
}

type Setting = { readonly atMs: number; readonly defaultWorkers: number; readonly path: Path };

function groupOf(config: LoadConfig, { atMs, defaultWorkers, path }: Setting, problems: Problem[]): LoadGroup {
  const found = contradictions(config);
  problems.push(...found.map(({ path: inner, message }) => ({ path: [...path, ...inner], message })));
  const model = modelOf(config, defaultWorkers);
  const { delay, pacing, maxRuns, duration } = config;
  const limited = model.kind === 'iterations' || model.kind === 'hits' || model.kind === 'once';
  const durationMs = limited ? (duration ?? null) : profileMs(model.profile);
  return { atMs, durationMs, model, delay, pacingMs: pacing, maxRuns };
}

function modelOf(config: LoadConfig, defaultWorkers: number): LoadModel {
  const { workers: cycles = [defaultWorkers], iterations, hits, rampUp: rampUpMs = 0 } = config;
  const [workers = defaultWorkers] = cycles;
  if (hits)
    return {
      kind: 'hits',
      rounds: cycles.flatMap((one) => hits.map((hit) => ({ workers: one, hits: hit }))),
      rampUpMs,
    };
  if (iterations !== undefined) return { kind: 'iterations', workers, iterations, rampUpMs };
  return isOpen(config) ? arrivalsOf(config) : { kind: 'workers', profile: workerProfile(config, defaultWorkers) };
}

function isOpen({ rate, stages }: LoadConfig): boolean {
  return rate !== undefined || (stages?.some((stage) => stage.rate !== undefined) ?? false);
}

function arrivalsOf({ rate, arrivals, stages, duration, workers, maxWorkers }: LoadConfig): LoadModel {
  const profile = stages
    ? stageProfile(stages, rate ?? 0, (stage) => stage.rate ?? 0)
    : [{ forMs: duration ?? DEFAULT_DURATION_MS, from: rate ?? 0, to: rate ?? 0 }];
  const ready = workers?.[0] ?? 1;
  const most = maxWorkers ?? Math.max(LEAST_MAX_WORKERS, Math.ceil(peakOf(profile) * SECONDS_UNDER_WAY), ready);
  return { kind: 'arrivals', profile, spacing: arrivals ?? 'even', workers: Math.min(ready, most), maxWorkers: most };
}

/** Cycles are held one after the other, each for the whole duration; a ramp-up leads to each, from the one before. */
function workerProfile({ workers, stages, duration, rampUp = 0 }: LoadConfig, defaultWorkers: number): Profile {
  if (stages) return stageProfile(stages, workers?.[0] ?? 0, (stage) => stage.workers ?? 0);
  const forMs = duration ?? DEFAULT_DURATION_MS;
  const cycles = workers ?? [defaultWorkers];
  return cycles.flatMap((to, i): readonly Stretch[] => {
    const ramp = Math.min(rampUp, forMs);
    const hold = { forMs: forMs - ramp, from: to, to };
    return ramp === 0 ? [hold] : [{ forMs: ramp, from: cycles[i - 1] ?? 0, to }, hold];
  });
}

function stageProfile(stages: readonly StageConfig[], first: number, pick: (stage: StageConfig) => number): Profile {
  return stages.map((stage, i) => {
    const before = stages[i - 1];
    return { forMs: stage.for, from: before ? pick(before) : first, to: pick(stage) };
  });
}

/** The pairs of keys that cannot both be meant. */
function contradictions(config: LoadConfig): readonly Problem[] {
  const { stages, rate, workers, maxWorkers, hits } = config;
  const open = isOpen(config);
  const problems: Problem[] = [];
  const exclude = (key: keyof LoadConfig, others: readonly (keyof LoadConfig)[]): void => {
    const other = config[key] === undefined ? undefined : others.find((one) => config[one] !== undefined);
    if (other) problems.push({ path: [key], message: `\`${key}\` and \`${other}\` exclude each other` });
  };
  exclude('stages', ['duration', 'iterations', 'hits', 'rampUp']);
  exclude('rate', ['iterations', 'hits', 'rampUp']);
  exclude('iterations', ['hits']);
  if (open) exclude('pacing', ['rate', 'stages']);
  if (stages?.some((stage) => (stage.rate === undefined) === open)) {
    problems.push({ path: ['stages'], message: 'its stages are of workers or of rates (`100/s`), not both' });
  }
  if (!open && config.arrivals !== undefined) problems.push({ path: ['arrivals'], message: 'needs a `rate`' });
  if (!open && maxWorkers !== undefined) problems.push({ path: ['maxWorkers'], message: 'needs a `rate`' });
  if (open && maxWorkers !== undefined && (workers?.[0] ?? 1) > maxWorkers) {
    problems.push({ path: ['maxWorkers'], message: 'is less than `workers`, which are ready at the start' });
  }
  if (workers && workers.length > 1 && (open || stages || config.iterations !== undefined)) {
    problems.push({ path: ['workers'], message: 'cycles go with `duration` or `hits` only' });
  }
  const profile =
    stages &&
    (open
      ? stageProfile(stages, rate ?? 0, (one) => one.rate ?? 0)
      : stageProfile(stages, 0, (one) => one.workers ?? 0));
  if (profile && profileMs(profile) === 0) problems.push({ path: ['stages'], message: 'take no time' });
  if (profile && hits === undefined && peakOf(profile) === 0 && (workers?.[0] ?? 0) === 0) {
    problems.push({ path: ['stages'], message: 'are 0 from begin to end' });
  }
  if (open && stages === undefined && rate === 0) problems.push({ path: ['rate'], message: 'expected a rate over 0' });
  return problems;
}
