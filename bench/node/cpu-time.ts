import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ, the unit of CPU times in /proc: 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * CPU seconds of a process so far, all its threads, user and system, in steps of 10 ms: utime and stime of
 * proc_pid_stat(5). Throws an Error when there is no such process, or no /proc (it is Linux's).
 */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The command's name may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/**
 * CPU seconds of those threads of a process that are there now, user and system, in steps of ns: sum_exec_runtime of
 * /proc/PID/task/TID/schedstat (Linux, sched-stats.rst). Throws an Error as `cpuSeconds` does.
 */
export function threadSeconds(pid: number): number {
  const nanoseconds = readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e9;
}
