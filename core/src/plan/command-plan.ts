import { LOAD_KEYS } from '../load/load-schema.ts';
import type { ResolvedLoad } from '../load/resolve-load.ts';
import type { Config } from './config-schema.ts';
import type { Problem } from './problem.ts';
import type { PerWorker, ScenarioSource } from './run-plan.ts';

/** A command as what produces the load. */
export function commandSource(command: readonly string[], config: Config): ScenarioSource {
  const { perWorker, commandTimeout: timeoutMs, commandOvertime: overtimeMs } = config;
  return {
    kind: 'command',
    command,
    ...(perWorker && { perWorker: perWorkerOf(config) }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(overtimeMs !== undefined && { overtimeMs }),
  };
}

/** Several numbers of workers or hits are cycles: each number of workers with each number of hits. */
function perWorkerOf({ nodes, workers = [nodes], hits, rampUp: rampUpMs = 0 }: Config): PerWorker {
  const cycles = workers.flatMap((count) => (hits ?? [undefined]).map((hit) => ({ workers: count, hits: hit })));
  return { rampUpMs, hits: hits?.[0], ...(cycles.length > 1 && { cycles }) };
}

/** What of a configuration is for a command, and says nothing where there is none. */
export function commandKeyProblems(
  { perWorker, commandTimeout, commandOvertime, duration }: Config,
  { kind }: ScenarioSource,
): readonly Problem[] {
  if (kind === 'command') {
    if (commandOvertime === undefined || duration !== undefined) return [];
    return [{ path: ['commandOvertime'], message: 'counts from the end of a `duration`: say one' }];
  }
  const keys = [
    ['perWorker', perWorker, 'a scenario file has workers by itself'],
    ['commandTimeout', commandTimeout !== undefined, 'a request has its own `timeout`'],
    ['commandOvertime', commandOvertime !== undefined, 'say `gracefulStop` instead'],
  ] as const;
  return keys.flatMap(([key, given, why]) => (given ? [{ path: [key], message: `is for a \`command\`: ${why}` }] : []));
}

/** What a command that runs once for each worker may say of its load. */
const PER_WORKER_KEYS: readonly string[] = ['workers', 'hits', 'rampUp'];

/** A command runs once on each node, or once for each worker, for a while or until it ends. */
export function commandLoad(config: Config, problems: Problem[]): ResolvedLoad {
  const { perWorker, nodes, workers } = config;
  for (const key of [...LOAD_KEYS, 'scenarios']) {
    if (key === 'duration' || config[key as keyof Config] === undefined) continue;
    if (key === 'scenarios' && Object.keys(config.scenarios).length === 0) continue;
    if (perWorker && PER_WORKER_KEYS.includes(key)) continue;
    const message = perWorker
      ? 'a command runs once for each worker: say `workers` instead'
      : `a command runs once on each node: say \`nodes\` instead${PER_WORKER_KEYS.includes(key) ? ', or `perWorker`' : ''}`;
    problems.push({ path: [key], message });
  }
  const all = perWorker ? Math.max(...(workers ?? [nodes])) : nodes;
  if (all < nodes) {
    const message = `${nodes} nodes need at least one worker each, and there are ${all} in all`;
    problems.push({ path: ['nodes'], message });
  }
  if (config.processes > 1) problems.push({ path: ['processes'], message: 'a command has one process on each node' });
  if (config.each) problems.push({ path: ['each'], message: 'is for a scenario: a command runs on every node' });
  return { workers: all, durationMs: config.duration ?? null };
}
