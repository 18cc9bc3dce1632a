import { readdirSync, readFileSync } from 'node:fs';

/** The other processes of this PID namespace. */
export type ProcessTable = {
  /** Their pids, without zombies and without what this process started. */
  others(): readonly number[];
  /** Sends all of them a signal. Does nothing to those that have gone or are another user's. */
  signal(signal: NodeJS.Signals): void;
};

/** The processes in /proc. To be used where this process is the first of its namespace. */
export function processTable(proc = '/proc', self: number = process.pid): ProcessTable {
  const others = (): readonly number[] =>
    readdirSync(proc)
      .filter((name) => /^\d+$/.test(name) && Number(name) !== self)
      .map(Number)
      .filter((pid) => isForeign(proc, pid, self));
  return {
    others,
    signal(signal) {
      for (const pid of others()) {
        try {
          process.kill(pid, signal);
        } catch {
          // It has gone, or is another user's.
        }
      }
    },
  };
}

/** proc_pid_stat(5): state and parent follow the name, which may itself hold spaces and parentheses. */
function isForeign(proc: string, pid: number, self: number): boolean {
  try {
    const text = readFileSync(`${proc}/${pid}/stat`, 'utf8');
    const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state !== 'Z' && Number(parent) !== self;
  } catch {
    // It ended while it was looked at.
    return false;
  }
}
