import { spawnSync } from 'node:child_process';

/** The server and all else that is not measured. */
export const SERVER_CORE = 0;
export const CLIENT_CORE = 1;

/** Moves a process, with all its threads and its later children, to one core. False where that cannot be done. */
export function pin(pid: number, core: number): boolean {
  const { status } = spawnSync('taskset', ['-acp', `${core}`, `${pid}`], { stdio: 'ignore' });
  return status === 0;
}

/** Lets a process go before all others on its core: the nearest to a quiet machine on a busy one. Throws an Error without the right to. */
export function preferOverAll(pid: number): void {
  const { status } = spawnSync('chrt', ['-a', '-r', '-p', '50', `${pid}`], { stdio: 'ignore' });
  if (status !== 0) throw new Error('--realtime needs chrt, and the right to use it');
}
