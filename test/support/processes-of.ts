import { readdir, readFile, readlink } from 'node:fs/promises';

export type FoundProcess = { readonly pid: number; readonly command: string };

/** The processes (Linux) whose working directory is in a folder, or whose command line names it. What is dead does not count. */
export async function processesOf(folder: string): Promise<readonly FoundProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.filter((pid) => pid !== process.pid).map((pid) => inFolder(pid, folder)));
  return found.flatMap((one) => (one ? [one] : []));
}

async function inFolder(pid: number, folder: string): Promise<FoundProcess | undefined> {
  try {
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    // A process that exits has no memory any more, and so no command line.
    if (command === '') return undefined;
    const directory = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    return directory.startsWith(folder) || command.includes(folder) ? { pid, command } : undefined;
  } catch {
    // It ended while it was looked at.
    return undefined;
  }
}
