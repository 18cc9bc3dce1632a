import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs the text of a module in a process of its own: what it does to module loading stays there. */
export async function runModule(source: string): Promise<{ readonly stdout: string }> {
  return promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source]);
}
