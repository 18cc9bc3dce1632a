import { join } from 'node:path';
import { LoadsError } from '@loads/core';
import { type ProgramOptions, runProgram } from './run-program.ts';

/**
 * Installs Molotov and what a file of requirements asks for into an environment of their own (`python3 -m venv`), and
 * gives its Python. Throws ERR_PROJECT with the last words of what failed.
 */
export async function installRequirements(
  environment: string,
  requirements: string,
  options: ProgramOptions,
): Promise<string> {
  const python = join(environment, 'bin/python');
  await must('python3', ['-m', 'venv', environment], options);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
  await must(python, [...pip, 'molotov', '-r', requirements], options);
  return python;
}

async function must(program: string, args: readonly string[], options: ProgramOptions): Promise<void> {
  const what = `the packages of Python cannot be installed`;
  const { code, output } = await runProgram(program, args, options).catch((cause: unknown) => {
    options.signal.throwIfAborted();
    throw new LoadsError('ERR_PROJECT', `${what}: ${program} could not be started`, { cause });
  });
  if (code === 0) return;
  const said = output.findLast((line) => /^ERROR: /.test(line)) ?? output.at(-1) ?? `${program} ended with ${code}`;
  throw new LoadsError('ERR_PROJECT', `${what}: ${said.replace(/^ERROR: /, '')}`);
}
