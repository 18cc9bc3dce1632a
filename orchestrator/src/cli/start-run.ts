import type { LaunchOptions } from '../launch/launcher.ts';
import type { Run } from '../run/run.ts';
import type { RunningRun } from '../run/running-run.ts';
import type { Terminal } from './terminal.ts';

/**
 * Launches the nodes of a run and begins it, and shows how far that is, and that what was set up is undone when it is
 * stopped meanwhile. Throws what `Run.start` throws.
 */
export async function startRun(
  run: Run,
  nodes: number,
  stop: Pick<LaunchOptions, 'signal' | 'atOnce'>,
  terminal: Terminal,
): Promise<RunningRun> {
  const display = terminal.launchDisplay(nodes);
  const notes: string[] = [];
  const tell = (): void => display.note('stopping: what was set up is undone; press Ctrl-C again to stop at once');
  stop.signal.addEventListener('abort', tell, { once: true });
  try {
    return await run.start({
      ...stop,
      onLaunched: (launched) => display.show(launched),
      onNote: (note) => notes.push(note),
    });
  } finally {
    stop.signal.removeEventListener('abort', tell);
    display.close();
    for (const note of notes) terminal.warn(note);
  }
}
