import { constants } from 'node:fs';
import { access, appendFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LoadsError } from '@loads/core';
import { FORMATS, reporterOf } from './registry.ts';
import type { Reporter } from './reporter.ts';

/** A file that a run is to be written to, and how. */
export type OutFile = { readonly reporter: Reporter; readonly path: string };

/** Reads what `--out` was given: `junit=results/junit.xml`. Throws ERR_USAGE. */
export function parseOut(text: string): OutFile {
  const equals = text.indexOf('=');
  const format = equals < 0 ? text : text.slice(0, equals);
  const reporter = reporterOf(format);
  const path = equals < 0 ? '' : text.slice(equals + 1);
  if (path !== '') return { reporter, path };
  const hint =
    equals < 0 ? `write it like \`--out ${format}=${reporter.file}\`` : 'is the variable set that stands for it?';
  throw new LoadsError('ERR_USAGE', `--out ${format} has no file`, { hint });
}

/** Sees to it, before there is anything to write, that a file can be written; its folder is made. Throws ERR_USAGE. */
export async function prepareFile(path: string): Promise<void> {
  try {
    const folder = dirname(resolve(path));
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) throw new Error('it is a folder');
    if (there) await access(path, constants.W_OK);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

/**
 * Writes a file, or appends to it where it is the summary of a step of GitHub Actions, which all commands of the step
 * share. Throws ERR_USAGE.
 */
export async function writeOut(path: string, text: string, env: NodeJS.ProcessEnv): Promise<void> {
  const shared = env.GITHUB_STEP_SUMMARY;
  const append = shared !== undefined && shared !== '' && resolve(shared) === resolve(path);
  try {
    await mkdir(dirname(resolve(path)), { recursive: true });
    await (append ? appendFile(path, text) : writeFile(path, text));
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

/** What `--help` says of the formats. */
export const FORMATS_TEXT: string = FORMATS.join(', ');

function cannotWrite(path: string, cause: unknown): LoadsError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LoadsError('ERR_USAGE', `${path} cannot be written: ${why}`, { hint: 'name a file that you may write' });
}
