import { readFile } from 'node:fs/promises';

/**
 * A process, told from a later one with the same pid by the boot of the machine and the time of its start (clock ticks
 * since the boot). Both are undefined where there is no /proc.
 */
export type ProcessIdentity = {
  readonly pid: number;
  readonly startedAt?: string | undefined;
  readonly boot?: string | undefined;
};

/** Whether what was read from a file is one. A number that is none, or means several processes, must not be signalled. */
export function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null || !('pid' in value)) return false;
  return Number.isInteger(value.pid) && Number(value.pid) > 1;
}

/** The identity of a process that lives now. */
export async function identify(pid: number): Promise<ProcessIdentity> {
  return { pid, startedAt: (await processStat(pid))?.startedAt, boot: await bootId() };
}

/** Whether this very process still runs. A zombie does not. */
export async function isAlive({ pid, startedAt, boot }: ProcessIdentity): Promise<boolean> {
  if (boot !== undefined && boot !== (await bootId())) return false;
  try {
    process.kill(pid, 0);
  } catch {
    // No such process; or, if it is another user's, not ours.
    return false;
  }
  if (startedAt === undefined) return true;
  const now = await processStat(pid);
  return now !== undefined && now.state !== 'Z' && now.startedAt === startedAt;
}

/** Kills the process group that a process leads, when it is still the same process or its group outlived it. */
export async function killGroup(identity: ProcessIdentity): Promise<void> {
  // A folder may be opened after a reboot, or on another machine: no process there is ours.
  if (identity.boot !== undefined && identity.boot !== (await bootId())) return;
  const now = await processStat(identity.pid);
  // The pid has been given to another process: the group is no longer ours.
  if (now && identity.startedAt !== undefined && now.startedAt !== identity.startedAt) return;
  try {
    process.kill(-identity.pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

/** Fields of proc_pid_stat(5), after the command's name, which may itself hold spaces and parentheses. */
async function processStat(pid: number): Promise<{ state: string; startedAt: string } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
}

/** Another one after each boot of the machine. */
async function bootId(): Promise<string | undefined> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => undefined);
  return text?.trim();
}
