import { execFile } from 'node:child_process';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { LoadsError, type RunPlan } from '@loads/core';
import { nearestConfig, projectOf } from './types-project.ts';

/** More errors than these are counted. */
const MOST_SHOWN = 20;
const MAX_OUTPUT_BYTES = 16 * 2 ** 20;

/** Whether types were looked at, and why not: the project has no compiler, or nothing in it that is to be compiled. */
export type TypeCheck = 'checked' | 'not installed' | 'not configured';

/** The TypeScript files that a run loads: its scenario and its extensions. */
export function typedFiles({ scenario, extensions = [] }: Pick<RunPlan, 'scenario' | 'extensions'>): readonly string[] {
  const files = scenario.kind === 'script' ? [resolve(scenario.file), ...extensions.filter(isAbsolute)] : [];
  return files.filter((file) => /\.[cm]?ts$/.test(file));
}

/**
 * Has the types of TypeScript files checked, and of all that they import, each by the compiler and the `tsconfig.json` of its
 * project: the runtime only strips them. Throws ERR_SCENARIO_LOAD with file, line and column of each error, and the signal's reason.
 */
export async function checkTypes(files: readonly string[], signal: AbortSignal): Promise<TypeCheck> {
  const configs = await Promise.all(files.map((file) => nearestConfig(dirname(file))));
  const errors: string[] = [];
  let done: TypeCheck = 'not configured';
  for (const [config, ofProject] of Map.groupBy(files, (_, i) => configs[i])) {
    if (config === undefined) continue;
    const compiler = await compilerFor(config);
    if (compiler === undefined) {
      done = 'not installed';
      continue;
    }
    if (done === 'not configured') done = 'checked';
    errors.push(...(await errorsOf(config, ofProject, compiler, signal)));
  }
  if (errors.length > 0) throw new LoadsError('ERR_SCENARIO_LOAD', messageOf(errors));
  return done;
}

async function errorsOf(
  config: string,
  files: readonly string[],
  compiler: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-types-'));
  const project = join(folder.path, 'tsconfig.json');
  await writeFile(project, JSON.stringify(await projectOf(config, files)));
  return await compile(compiler, project, signal);
}

/** What a compiler prints with `--pretty false`, as `file:line:column: message (TS2345)` with its details below. */
export function typeErrors(output: string): readonly string[] {
  const errors: string[] = [];
  for (const line of output.split(/\r?\n/)) {
    const placed = /^(.+)\((\d+),(\d+)\): error (TS\d+): (.*)$/.exec(line);
    const other = /^error (TS\d+): (.*)$/.exec(line);
    if (placed) {
      const [, path, row, column, code, message] = placed;
      errors.push(`${path}:${row}:${column}: ${message} (${code})`);
    } else if (other) errors.push(`${other[2]} (${other[1]})`);
    else if (line.startsWith(' ') && errors.length > 0) errors.push(`${errors.pop()}\n${line}`);
  }
  return errors;
}

function messageOf(errors: readonly string[]): string {
  const more = errors.length - MOST_SHOWN;
  return [...errors.slice(0, MOST_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** The compiler that a project has installed. */
async function compilerFor(config: string): Promise<string | undefined> {
  const { resolve: find } = createRequire(config);
  try {
    const manifest = find('typescript/package.json');
    const { bin }: { bin: { tsc: string } } = JSON.parse(await readFile(manifest, 'utf8'));
    return join(dirname(manifest), bin.tsc);
  } catch {
    // It has none.
    return undefined;
  }
}

/** The errors that the compiler finds. Throws ERR_SCENARIO_LOAD when it ends for another reason. */
async function compile(compiler: string, project: string, signal: AbortSignal): Promise<readonly string[]> {
  const args = [compiler, '--project', project, '--pretty', 'false'];
  try {
    await promisify(execFile)(process.execPath, args, { signal, maxBuffer: MAX_OUTPUT_BYTES });
    return [];
  } catch (error) {
    signal.throwIfAborted();
    // With errors it does not end with 0.
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const errors = typeErrors(stdout);
    if (errors.length > 0) return errors;
    const words = stderr.trim() || stdout.trim() || String(error);
    throw new LoadsError('ERR_SCENARIO_LOAD', `the types could not be checked: ${words}`, { cause: error });
  }
}
