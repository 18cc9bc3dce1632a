import { basename } from 'node:path';
import { formatDuration, formatRate, type LoadGroup, type RunPlan } from '@loads/core';
import type { RunRecord } from '../store/run-folder.ts';
import { redactedArguments, withoutSecrets } from './redact.ts';

/**
 * The command that repeats a run, with its seed: as the user wrote it, without secrets. Of a run that does not know how it was
 * called it is made from the plan, as far as flags can say it.
 */
export function repeatCommand({ plan, commandLine }: Pick<RunRecord, 'plan' | 'commandLine'>): string {
  if (commandLine === undefined) return fromPlan(plan);
  const dashes = commandLine.indexOf('--');
  const own = dashes === -1 ? commandLine : commandLine.slice(0, dashes);
  const rest = dashes === -1 ? [] : commandLine.slice(dashes);
  const seeded = own.some((arg) => arg === '--seed' || arg.startsWith('--seed='));
  const seed = seeded || own[0] === 'import' ? [] : ['--seed', String(plan.seed)];
  return shellLine(['loads', ...redactedArguments([...own, ...seed, ...rest])]);
}

function fromPlan(plan: RunPlan): string {
  const { scenario, target, durationMs, workers, nodes, seed, load = [] } = plan;
  const [only, ...others] = load;
  const shape = only && others.length === 0 ? loadFlags(only) : undefined;
  const flags: readonly string[] = [
    ...(target === undefined ? [] : ['-t', withoutSecrets(target)]),
    ...(shape ?? ['-w', String(plan.each ? workers / nodes : workers)]),
    ...(shape === undefined && durationMs !== null ? ['-d', formatDuration(durationMs)] : []),
    ...['--nodes', String(nodes)],
    ...(plan.each ? ['--each'] : []),
    ...['--seed', String(seed)],
  ];
  if (scenario.kind === 'command')
    return shellLine(['loads', 'run', ...flags, ...redactedArguments(['--', ...scenario.command])]);
  return shellLine(['loads', 'run', basename(scenario.file), ...flags]);
}

/** The stages of the one load of a plan, as flags. */
function loadFlags({ model }: LoadGroup): readonly string[] | undefined {
  if (model.kind === 'workers')
    return model.profile.flatMap(({ forMs, to }) => ['-s', `${formatDuration(forMs)}:${to}`]);
  if (model.kind === 'arrivals') {
    const from = model.profile[0]?.from ?? 0;
    const stages = model.profile.flatMap(({ forMs, to }) => ['-s', `${formatDuration(forMs)}:${formatRate(to)}`]);
    return ['--rate', formatRate(from), ...stages];
  }
  if (model.kind === 'iterations') return ['-w', String(model.workers), '-i', String(model.iterations)];
  return model.kind === 'once' ? ['--single-run'] : undefined;
}

/** Arguments for a POSIX shell. */
function shellLine(args: readonly string[]): string {
  return args.map((arg) => (/^[\w./:=@%+,-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`)).join(' ');
}
