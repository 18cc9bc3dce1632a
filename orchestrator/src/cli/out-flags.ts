import { EXIT, type ExitCode, LoadsError } from '@loads/core';
import { type Command, InvalidArgumentError } from 'commander';
import { FORMATS_TEXT, type OutFile, parseOut, prepareFile, writeOut } from '../exports/out-file.ts';
import type { AfterRun } from './run-load.ts';
import type { Terminal } from './terminal.ts';

export type OutFlags = { out?: readonly OutFile[] };

/** The option may be given more than once. */
export const OUT_REPEATABLE: readonly string[] = ['out'];

/** Adds `--out` to a command that runs something. */
export function addOutOption(command: Command): Command {
  return command.option(
    '-o, --out <format=file>',
    `write the run, too: ${FORMATS_TEXT}; repeatable`,
    (text: string, previous: readonly OutFile[] | undefined) => [...(previous ?? []), read(text)],
  );
}

/** Sees to it, before the run, that the files can be written. Throws ERR_USAGE, also where there are to be several runs. */
export async function prepareOutFiles(files: readonly OutFile[], severalRuns: boolean): Promise<void> {
  if (severalRuns && files.length > 0) {
    const hint = '`loads export RUN` writes any of them afterwards';
    throw new LoadsError('ERR_USAGE', '--out is for one run, and these are several', { hint });
  }
  for (const { path } of files) await prepareFile(path);
}

/**
 * Writes the files that were asked for. One that cannot be written is said, and the others are; a run that passed and left
 * no file where one was to be ends with the exit code of a bad configuration.
 */
export function writeOutFiles(
  files: readonly OutFile[],
  terminal: Pick<Terminal, 'warn'>,
  env: NodeJS.ProcessEnv,
): AfterRun {
  return async (run) => {
    let code: ExitCode | undefined;
    for (const { reporter, path } of files) {
      try {
        await writeOut(path, reporter.report(run), env);
      } catch (error) {
        if (!(error instanceof LoadsError)) throw error;
        terminal.warn(`${error.message}; write it later: loads export ${run.summary.run} --format ${reporter.name}`);
        code = EXIT.badConfiguration;
      }
    }
    return code;
  };
}

function read(text: string): OutFile {
  try {
    return parseOut(text);
  } catch (error) {
    if (!(error instanceof LoadsError)) throw error;
    throw new InvalidArgumentError(`${error.message}${error.hint === undefined ? '' : `: ${error.hint}`}.`);
  }
}
