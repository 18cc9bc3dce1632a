import { constants } from 'node:os';

/** How a program ended: its exit code, the signal that ended it, or why it could not be started. */
export type ProgramEnd = number | NodeJS.Signals | Error;

/** The exit code as a shell has it: 128 + n for signal n, 127 for a program that is not there, 126 for one that cannot run. */
export function exitCodeOf(end: ProgramEnd): number {
  if (typeof end === 'number') return end;
  if (typeof end === 'string') return 128 + (constants.signals[end] ?? 0);
  return 'code' in end && end.code === 'ENOENT' ? 127 : 126;
}
