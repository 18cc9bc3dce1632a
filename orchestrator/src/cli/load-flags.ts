import { LoadsError } from '@loads/core';
import { type Command, Option } from 'commander';
import { extensionPath } from '../config/extension-paths.ts';
import { numberOrText, type Override, type Overrides, overrideOf, stagesOf } from '../config/overrides.ts';

/** The flags that say how load is made, beside workers and duration. */
export type LoadFlags = {
  rate?: string;
  arrivals?: string;
  maxWorkers?: string;
  busyWait?: boolean;
  stage?: string[];
  iterations?: string;
  hits?: string;
  maxRuns?: string;
  rampUp?: string;
  delay?: string;
  pacing?: string;
  processes?: string;
  each?: boolean;
  singleRun?: boolean;
  singleMode?: string;
  weight?: string[];
  exception?: boolean;
  sizing?: boolean;
  sizingTolerance?: string;
  forceShutdown?: boolean;
  useExtension?: string[];
  perWorker?: boolean;
  commandTimeout?: string;
  commandOvertime?: string;
};

/** The options that may be given more than once. */
export const REPEATABLE: readonly string[] = ['stage', 'weight', 'use-extension'];

export function addLoadOptions(command: Command): Command {
  return command
    .option('--rate <rate>', 'arrivals instead of workers: 500/s, 30/m; with --stage where they begin')
    .addOption(
      new Option('--arrivals <spacing>', 'how arrivals follow each other (default: even)').choices(['even', 'poisson']),
    )
    .option('--max-workers <n>', 'the most workers that arrivals may take (default: 10 s of arrivals)')
    .option('--busy-wait', 'begin arrivals to a tenth of a ms: each process keeps a core busy while it waits')
    .option('-s, --stage <time:target>', 'ramps to so many workers, or a rate: 30s:100, 1m:500/s; repeatable', collect)
    .option('-i, --iterations <n>', 'so many iterations, shared among all workers')
    .option('--hits <n>', 'so many iterations of each worker; a:b is one round after the other')
    .option('-r, --max-runs <n>', 'the most iterations of each worker')
    .option('--ramp-up <time>', 'workers begin one after the other, over this time')
    .option('--delay <time>', 'a pause after each iteration: 1s, or 1s-3s drawn anew each time')
    .option('--pacing <time>', "the least time from one begin of a worker's iterations to the next")
    .option('-p, --processes <n>', 'scenario processes of each node (default: 1)')
    .option('--each', 'every node makes all of the load instead of its share')
    .option('--single-run', 'every scenario once, as a functional test, with full errors')
    .option('--single-mode <name>', 'this scenario only')
    .option('--weight <name=n>', "a scenario's or test's share of the iterations (default: 1); repeatable", collect)
    .option('-x, --exception', 'end with the first failed iteration, and exit with 97')
    .option(
      '--sizing',
      'search for the highest load that holds, up to -w (500) or --rate; -d is the length of a trial (15s)',
    )
    .option('--sizing-tolerance <percent>', 'failures up to which a load holds (default: 5)')
    .option('--force-shutdown', 'cut iterations in flight at the end (as --graceful-stop 0)')
    .option('--per-worker', 'run what follows `--` once for each worker instead of once on each node')
    .option('--command-timeout <time>', 'how long each run of what follows `--` may take: more is a failure')
    .option('--command-overtime <time>', 'how long it may go on after the duration to end by itself: more is a failure')
    .option('--use-extension <module>', 'a file or package with fixtures or listeners; repeatable', collect);
}

/** What the flags set. Throws ERR_USAGE for a stage that is none. */
export function loadOverrides(flags: LoadFlags): Overrides {
  const texts: readonly (readonly [string, string, string | undefined])[] = [
    ['rate', '--rate', flags.rate],
    ['arrivals', '--arrivals', flags.arrivals],
    ['maxWorkers', '--max-workers', flags.maxWorkers],
    ['stages', '--stage', flags.stage?.join(',')],
    ['iterations', '--iterations', flags.iterations],
    ['hits', '--hits', flags.hits],
    ['maxRuns', '--max-runs', flags.maxRuns],
    ['rampUp', '--ramp-up', flags.rampUp],
    ['delay', '--delay', flags.delay],
    ['pacing', '--pacing', flags.pacing],
    ['processes', '--processes', flags.processes],
    ['sizingTolerance', '--sizing-tolerance', flags.sizingTolerance],
    ['singleMode', '--single-mode', flags.singleMode],
    ['commandTimeout', '--command-timeout', flags.commandTimeout],
    ['commandOvertime', '--command-overtime', flags.commandOvertime],
    ['gracefulStop', '--force-shutdown', flags.forceShutdown ? '0' : undefined],
  ];
  const switches: readonly (readonly [string, string, boolean | undefined])[] = [
    ['each', '--each', flags.each],
    ['busyWait', '--busy-wait', flags.busyWait],
    ['singleRun', '--single-run', flags.singleRun],
    ['perWorker', '--per-worker', flags.perWorker],
    ['stopOnFailure', '--exception', flags.exception],
    ['sizing', '--sizing', flags.sizing],
  ];
  const overrides: Override[] = texts.flatMap(([key, origin, text]) =>
    text === undefined ? [] : [overrideOf([key], text, origin)],
  );
  for (const [key, origin, value] of switches) if (value) overrides.push({ path: [key], value, origin });
  const extensions = flags.useExtension?.map((one) => extensionPath(one, process.cwd()));
  if (extensions) overrides.push({ path: ['extensions'], value: extensions, origin: '--use-extension' });
  for (const text of flags.weight ?? []) overrides.push(weightOf(text));
  if (flags.stage && stagesOf(flags.stage.join(',')).length === 0)
    throw new LoadsError('ERR_USAGE', '--stage is empty');
  return overrides;
}

/** `name=3`: names of tests may have a `=` of their own. Throws ERR_USAGE. */
function weightOf(text: string): Override {
  const equals = text.lastIndexOf('=');
  if (equals < 1) throw new LoadsError('ERR_USAGE', `--weight '${text}' is no name=number`);
  const value = numberOrText(text.slice(equals + 1));
  return { path: ['weights', text.slice(0, equals)], value, origin: '--weight' };
}

function collect(text: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), text];
}
