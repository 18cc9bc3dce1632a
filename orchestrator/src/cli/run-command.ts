import { resolve } from 'node:path';
import { healthCheckPlan, LoadsError, type RunPlan } from '@loads/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ProblemList } from '../config/problem-list.ts';
import { checkTypes, typedFiles } from '../preflight/check-types.ts';
import type { Judging } from '../store/run-folder.ts';
import { addBaselineOptions, againstBaseline, type BaselineFlags } from './against-baseline.ts';
import { addAdvisedOptions, refuseAdvised } from './ancestor-advice.ts';
import {
  type AncestorFlags,
  addAncestorOptions,
  ancestorNote,
  ancestorOverrides,
  configuredTest,
} from './ancestor-flags.ts';
import type { CliContext } from './cli-context.ts';
import { detachLoad, refuseDetached } from './detach-load.ts';
import { EXIT_CODES, RUN_ENVIRONMENT, RUN_EXAMPLES } from './help-texts.ts';
import { knownRun } from './known-run.ts';
import { type LogSource, logSources } from './log-sources.ts';
import { matrixLoad } from './matrix-load.ts';
import { addOutOption, type OutFlags, prepareOutFiles, writeOutFiles } from './out-flags.ts';
import { addProgressOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { addPlanOptions, type PlanFlags, planOverrides } from './plan-flags.ts';
import { planSource, prepareAll } from './plan-source.ts';
import type { PreparedPlan } from './prepare-plan.ts';
import { addProjectOptions, type ProjectFlags } from './project-flags.ts';
import { refuseSeveral, severalIn } from './refuse-several.ts';
import { addReportOptions, prepareReport, type ReportFlags, writeReport } from './report-flags.ts';
import { RUNS_ROOT, runLoad } from './run-load.ts';

type RunFlags = OutputFlags &
  ProjectFlags &
  PlanFlags &
  AncestorFlags &
  BaselineFlags &
  OutFlags &
  ReportFlags & { fail?: number; matrix?: boolean; detach?: boolean; checkTypes?: boolean; healthCheck?: boolean };

/** Adds `loads run`. */
export function addRun(loads: Command, context: CliContext): void {
  const run = loads
    .command('run')
    .description('run a scenario as load and judge it')
    .argument('[file]', 'a scenario (shop.ts) or a configuration (default: loads.yml, or molotov.json)')
    .usage('[options] [file]\n       loads run [options] [file] -- command [argument...]');
  addReportOptions(
    addOutOption(addBaselineOptions(addPlanOptions(addProjectOptions(addAdvisedOptions(addAncestorOptions(run)))))),
  )
    .addOption(
      new Option('-f, --fail [n]', 'exit with 97 when n or more iterations failed (default: 1)').argParser(wholeNumber),
    )
    .option('--matrix', 'the same load without faults, and with each entry of `chaos` alone: what each fault costs')
    .option('--check-types', "have the types checked first, by the project's own TypeScript")
    .option('--health-check', 'no load: launch the nodes, and see that each of them reaches all that the run needs')
    .option('--detach', 'begin the run, print its id and leave it; `loads attach` shows and judges it');
  addProgressOptions(run, 'what scenarios write, their requests, all errors in full; -vv: bodies, too')
    .addHelpText('after', RUN_EXAMPLES)
    .addHelpText('after', RUN_ENVIRONMENT)
    .addHelpText('after', EXIT_CODES)
    .action(async (named: string | undefined, given: RunFlags) => {
      refuseAdvised(given);
      const { file, flags } = configuredTest(named, given);
      // A functional test shows its errors in full.
      const { verbose = flags.singleRun ? 1 : 0 } = flags;
      const terminal = terminalOf({ ...flags, verbose }, context);
      const note = ancestorNote(flags);
      if (note !== undefined) terminal.warn(note);
      // What was fetched stays until its run has ended.
      await using fetched = new AsyncDisposableStack();
      const problems = new ProblemList();
      const overrides = problems.of(() => [...ancestorOverrides(flags), ...planOverrides(flags)]);
      const compared = await problems.ofAsync(() => againstBaseline(flags, terminal));
      // Without its flags it would be another plan.
      if (!overrides) problems.throwAny();
      const source = planSource(file, flags, { context, terminal, fetched, overrides: overrides ?? [] });
      const prepare = async (signal: AbortSignal): Promise<PreparedPlan> => {
        const prepared = await prepareAll(source, signal, problems, ({ plan }) => lookAt(plan, flags, problems));
        if (flags.checkTypes) await checkPlanTypes(prepared.plan, signal);
        return checksHealth(flags) ? healthCheckOf(prepared) : { ...prepared, plan: withDump(prepared.plan, flags) };
      };
      context.exit(
        await runLoad(
          prepare,
          source.launcherFor,
          (plan) => judgingOf(plan, flags),
          terminal,
          flags.verbose === undefined ? undefined : (one) => outputOf(one, flags, context),
          [
            writeReport(flags, terminal, context.env),
            writeOutFiles(flags.out ?? [], terminal, context.env),
            ...(compared ? [compared] : []),
          ],
          flags.matrix ? matrixLoad : flags.detach ? detachLoad : undefined,
        ),
      );
    });
}

/** What cannot be meant together, and files that cannot be written. */
async function lookAt(plan: RunPlan, flags: RunFlags, problems: ProblemList): Promise<void> {
  const several = severalIn(plan, flags);
  refuseSeveral(plan, flags, problems);
  refuseDetached(plan, { ...flags, healthCheck: checksHealth(flags) }, problems);
  await problems.ofAsync(() => prepareOutFiles(flags.out ?? [], several !== undefined));
  await problems.ofAsync(() => prepareReport(flags, several !== undefined));
}

/** Throws ERR_SCENARIO_LOAD for type errors, ERR_USAGE where there is nothing to check them by. */
async function checkPlanTypes(plan: RunPlan, signal: AbortSignal): Promise<void> {
  const done = await checkTypes(typedFiles(plan), signal);
  if (done === 'not configured')
    throw new LoadsError('ERR_USAGE', '--check-types: there is no TypeScript with a tsconfig.json beside or above it');
  if (done === 'not installed')
    throw new LoadsError('ERR_USAGE', '--check-types: TypeScript is not installed in the project', {
      hint: 'npm install --save-dev typescript',
    });
}

function checksHealth({ healthCheck = false, checkCluster = false }: RunFlags): boolean {
  return healthCheck || checkCluster;
}

/** Nodes check their way in the image of Loads: a program's own image would run the program. */
function healthCheckOf({ docker, ...prepared }: PreparedPlan): PreparedPlan {
  return { ...prepared, plan: healthCheckPlan(prepared.plan), docker: { ...docker, image: undefined } };
}

/** One failed iteration is a failure of a run that ends with the first, and of one that is a functional test. */
function judgingOf({ load, stopOnFailure, failAt }: RunPlan, { fail, tolerateLostNodes = false }: RunFlags): Judging {
  const strict = stopOnFailure || load?.some(({ model }) => model.kind === 'once');
  return { tolerateLostNodes, failAt: fail ?? failAt ?? (strict ? 1 : undefined) };
}

/** With `-v` scenario processes write their requests to their output, with `-vv` the bodies as well. */
function withDump(plan: RunPlan, { verbose = 0 }: RunFlags): RunPlan {
  return verbose === 0 ? plan : { ...plan, dump: verbose > 1 ? 'bodies' : 'heads' };
}

/** What the scenario processes of a run write while it goes on. */
async function outputOf(
  run: string,
  { dockerHost: hosts = [] }: RunFlags,
  { env }: CliContext,
): Promise<readonly LogSource[]> {
  const sources = await logSources(await knownRun(run, { root: resolve(RUNS_ROOT), hosts, env }), true);
  return sources.filter(({ name }) => name.endsWith(' scenario'));
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number of 1 or more.');
  return value;
}
