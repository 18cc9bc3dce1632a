import { EXIT, LoadsError, parseDuration } from '@loads/core';
import { type Command, InvalidArgumentError } from 'commander';
import { prepareFile, writeOut } from '../exports/out-file.ts';
import { loadsVersion } from '../metadata/version.ts';
import { DEFAULT_APDEX_MS } from '../report/apdex.ts';
import { reportOf } from '../report/report-of.ts';
import type { AfterRun } from './run-load.ts';
import type { Terminal } from './terminal.ts';

/** Flags of a run whose report is written. */
export type ReportFlags = ApdexFlags & { report?: string };
/** `apdexT` in ms. */
export type ApdexFlags = { apdexT?: number };

/** Adds `--report` to a command that runs something. */
export function addReportOptions(command: Command): Command {
  return addApdexOption(command.option('--report <file>', 'write the run as a page of HTML that needs nothing else'));
}

/** Adds `--apdex-t`. */
export function addApdexOption(command: Command): Command {
  return command.option('--apdex-t <time>', 'up to here an answer satisfies, in a report (default: 500ms)', timeOf);
}

/** Sees to it, before the run, that the report can be written. Throws ERR_USAGE, also where there are to be several runs. */
export async function prepareReport({ report, apdexT }: ReportFlags, severalRuns: boolean): Promise<void> {
  if (report === undefined) {
    if (apdexT === undefined) return;
    throw new LoadsError('ERR_USAGE', '--apdex-t is for a report', { hint: 'add `--report FILE`' });
  }
  if (severalRuns) {
    const hint = '`loads report RUN` writes that of any of them afterwards';
    throw new LoadsError('ERR_USAGE', '--report is for one run, and these are several', { hint });
  }
  await prepareFile(report);
}

/** Writes the report that the flags ask for. One that cannot be written is said, and makes a run that passed end with 104. */
export function writeReport(
  { report: path, apdexT }: ReportFlags,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): AfterRun {
  return async (run) => {
    if (path === undefined) return undefined;
    const { run: id } = run.summary;
    try {
      await writeOut(path, await reportOf(run, { apdexMs: apdexT ?? DEFAULT_APDEX_MS, version: loadsVersion() }), env);
    } catch (error) {
      if (!(error instanceof LoadsError)) throw error;
      terminal.warn(`${error.message}; write it later: loads report ${id}`);
      return EXIT.badConfiguration;
    }
    terminal.result([`  ${path}`], { type: 'report', run: id, file: path });
    return undefined;
  };
}

function timeOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms === 0) throw new InvalidArgumentError('Expected a time such as 500ms or 1.5s.');
  return ms;
}
