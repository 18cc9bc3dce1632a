import { type Command, Option } from 'commander';
import { ProblemList } from '../config/problem-list.ts';
import { readWish, type SearchFlags, searchSetup, VARIED, wishOverrides } from '../search/search-wish.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT_CODES, RUN_ENVIRONMENT, SEARCH_EXAMPLES } from './help-texts.ts';
import { addProgressOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { addPlanOptions, type PlanFlags, planOverrides } from './plan-flags.ts';
import { planSource, prepareAll } from './plan-source.ts';
import { addProjectOptions, type ProjectFlags } from './project-flags.ts';
import { runLoad } from './run-load.ts';
import { searchLoad } from './search-load.ts';

/** The options that may be given more than once. */
export const SEARCH_REPEATABLE: readonly string[] = ['until'];

/** Adds `loads search`. */
export function addSearch(loads: Command, context: CliContext): void {
  const search = loads
    .command('search')
    .description('search for the load, or the strength of a fault, at which the service breaks')
    .argument('[file]', 'a scenario (shop.ts) or a configuration (default: loads.yml, or molotov.json)')
    .usage(
      '--vary <what> [options] [file]\n       loads search --vary <what> [options] [file] -- command [argument...]',
    )
    .addOption(
      new Option('--vary <what>', 'what is searched over: a load, or the strength of an entry of `chaos`')
        .choices([...VARIED])
        .makeOptionMandatory(),
    )
    .option(
      '--until <threshold>',
      "what has to hold, in the place of the file's thresholds: 'p(95)<300', 'rate<0.01', 'checks: rate>0.9'; repeatable",
      (text: string, previous: string[] | undefined) => [...(previous ?? []), text],
    )
    .option('--from <amount>', 'the least that is tried: 10, 50/s, 20ms, 5 (default: what it takes)')
    .option('--to <amount>', 'the most that is tried (default: the load of the run; 10s; 100)')
    .option('--entry <name>', 'which entry of `chaos` (default: the only one that has such a strength)')
    .option('--tolerance <percent>', 'failures up to which a trial holds (default: 5 over a load, any over a fault)')
    .option('--precision <percent>', 'how close both sides of the bracket are to be (default: 5)')
    .option('--repeats <n>', 'how often each side of the bracket is tried (default: 3)');
  addPlanOptions(addProjectOptions(search));
  addProgressOptions(search)
    .addHelpText('after', SEARCH_EXAMPLES)
    .addHelpText('after', RUN_ENVIRONMENT)
    .addHelpText('after', EXIT_CODES)
    .action(async (file: string | undefined, flags: OutputFlags & ProjectFlags & PlanFlags & SearchFlags) => {
      const terminal = terminalOf(flags, context);
      const problems = new ProblemList();
      const wish = readWish(flags, problems);
      await using fetched = new AsyncDisposableStack();
      const own = problems.of(() => planOverrides(withoutForeign(flags)));
      // Without its flags it would be another plan.
      if (!own) problems.throwAny();
      const overrides = [...(own ?? []), ...wishOverrides(wish)];
      const source = planSource(file, flags, { context, terminal, fetched, overrides });
      const { tolerateLostNodes = false } = flags;
      context.exit(
        await runLoad(
          (signal) =>
            prepareAll(source, signal, problems, async ({ plan }) => {
              problems.of(() => searchSetup(plan, wish));
            }),
          source.launcherFor,
          () => ({ tolerateLostNodes }),
          terminal,
          undefined,
          [],
          (options) => searchLoad(options, wish),
        ),
      );
    });
}

/** The flags without those that a search has refused: what they do to a plan is not told as well. */
function withoutForeign({ sizing, sizingTolerance, singleRun, exception, ...flags }: PlanFlags): PlanFlags {
  return flags;
}
