import type { Run } from '../run/run.ts';
import type { RunningRun } from '../run/running-run.ts';
import type { Terminal } from './terminal.ts';

/** Launches the nodes of a run and begins it, and shows how far that is. Throws what `Run.start` throws. */
export async function startRun(run: Run, nodes: number, signal: AbortSignal, terminal: Terminal): Promise<RunningRun> {
  const display = terminal.launchDisplay(nodes);
  const notes: string[] = [];
  try {
    return await run.start({
      signal,
      onLaunched: (launched) => display.show(launched),
      onNote: (note) => notes.push(note),
    });
  } finally {
    display.close();
    for (const note of notes) terminal.warn(note);
  }
}
