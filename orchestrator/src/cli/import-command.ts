import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT, LoadsError } from '@loads/core';
import { Argument, type Command } from 'commander';
import { importBench } from '../import/funkload/import-bench.ts';
import { type ImportRequest, readImport } from '../import/read-import.ts';
import { writeScenario } from '../import/write-scenario.ts';
import { parseLabels } from '../metadata/labels.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addLabelOption } from './label-flag.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';
import type { Terminal } from './terminal.ts';

type ImportFlags = OutputFlags & {
  output?: string;
  filter?: string[];
  static: boolean;
  thinkTime?: boolean;
  force?: boolean;
  label?: string[];
};

/** The options that may be given more than once. */
export const IMPORT_REPEATABLE: readonly string[] = ['filter'];

/** Adds `loads import`. */
export function addImport(loads: Command, context: CliContext): void {
  const command = loads
    .command('import')
    .description(
      'write a scenario from a recording (HAR) or a description (OpenAPI 3.0, 3.1), or keep results of FunkLoad',
    )
    .addArgument(new Argument('<format>', 'what the file is').choices(['har', 'openapi', 'funkload']))
    .argument('<file...>', 'a HAR file, an OpenAPI description in JSON or YAML, or the result files of a bench')
    .option('-o, --output <file>', 'the scenario file (default: standard output)')
    .option('--filter <host>', 'of a HAR, only requests to this host and those below it; repeatable', collect)
    .option('--no-static', 'of a HAR, no pictures, fonts, styles and scripts')
    .option('--think-time', 'of a HAR, the pauses between requests as well')
    .option('--force', 'write over a file that is there');
  addLabelOption(command);
  type Format = ImportRequest['format'] | 'funkload';
  addOutputOptions(command).action(async (format: Format, files: readonly string[], flags: ImportFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'import');
    if (format === 'funkload') return await keepBench(files, flags, terminal, context);
    const [file = '', ...more] = files;
    if (more.length > 0 || flags.label) {
      const what = more.length > 0 ? 'several files' : '--label';
      throw new LoadsError('ERR_USAGE', `${what}: only for \`loads import funkload\``);
    }
    const { output, filter: hosts = [], thinkTime = false, force = false } = flags;
    const scenario = await readImport({ format, file, hosts, withStatic: flags.static, thinkTime });
    const source = writeScenario(scenario);
    const requests = scenario.steps.reduce((sum, step) => sum + step.requests.length, 0);
    const { secrets, notes } = scenario;
    if (output === undefined) {
      terminal.result([source.trimEnd()], { type: 'imported', requests, secrets, notes, source });
    } else {
      await writeNew(output, source, force);
      terminal.result([`${output}: ${requests} requests`], {
        type: 'imported',
        file: output,
        requests,
        secrets,
        notes,
      });
    }
    for (const note of notes) terminal.note(note);
    if (secrets.length > 0) terminal.note(`secrets are left out, give them with -e NAME=value: ${secrets.join(', ')}`);
    context.exit(0);
  });
}

/** Results become a run, which is shown like one that was just run. */
async function keepBench(
  paths: readonly string[],
  flags: ImportFlags,
  terminal: Terminal,
  { args, exit }: CliContext,
): Promise<void> {
  const { output, filter, thinkTime, force, label = [] } = flags;
  if (output !== undefined || filter || thinkTime || force || !flags.static)
    throw new LoadsError(
      'ERR_USAGE',
      'results become a run in .loads/runs: only --label goes with `loads import funkload`',
    );
  const { folder, summary, notes } = await importBench({
    paths,
    root: resolve(RUNS_ROOT),
    labels: parseLabels(label),
    commandLine: args,
    random: Math.random(),
  });
  for (const note of notes) terminal.note(note);
  terminal.introduce(folder.record);
  terminal.summary(summary, folder.path);
  exit(EXIT.passed);
}

async function writeNew(file: string, text: string, force: boolean): Promise<void> {
  await writeFile(file, text, { flag: force ? 'w' : 'wx' }).catch((cause: unknown) => {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const problem = exists ? `${file} is there already` : `${file} cannot be written`;
    throw new LoadsError('ERR_USAGE', problem, { hint: exists ? 'write over it with --force' : undefined, cause });
  });
}

function collect(text: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), text];
}
