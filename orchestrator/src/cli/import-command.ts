import { writeFile } from 'node:fs/promises';
import { LoadsError } from '@loads/core';
import { Argument, type Command } from 'commander';
import { type ImportRequest, readImport } from '../import/read-import.ts';
import { writeScenario } from '../import/write-scenario.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';

type ImportFlags = OutputFlags & {
  output?: string;
  filter?: string[];
  static: boolean;
  thinkTime?: boolean;
  force?: boolean;
};

/** The options that may be given more than once. */
export const IMPORT_REPEATABLE: readonly string[] = ['filter'];

/** Adds `loads import`. */
export function addImport(loads: Command, context: CliContext): void {
  const command = loads
    .command('import')
    .description('write a scenario from a recording (HAR) or a description (OpenAPI 3.0, 3.1)')
    .addArgument(new Argument('<format>', 'what the file is').choices(['har', 'openapi']))
    .argument('<file>', 'a HAR file, or an OpenAPI description in JSON or YAML')
    .option('-o, --output <file>', 'the scenario file (default: standard output)')
    .option('--filter <host>', 'of a HAR, only requests to this host and those below it; repeatable', collect)
    .option('--no-static', 'of a HAR, no pictures, fonts, styles and scripts')
    .option('--think-time', 'of a HAR, the pauses between requests as well')
    .option('--force', 'write over a file that is there');
  addOutputOptions(command).action(async (format: ImportRequest['format'], file: string, flags: ImportFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'import');
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
