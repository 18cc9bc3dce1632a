import { behindArrivals, isHopeless, type RunPlan, type Summary } from '@loads/core';
import type { Launcher } from '../launch/launcher.ts';
import { Run } from '../run/run.ts';
import type { Progress } from '../run/running-run.ts';
import { RunFolder, type RunRecord } from '../store/run-folder.ts';

/** Where the trials of a sizing run. */
export type TrialSetting = {
  /** The share of failures up to which a load holds, 0-1. */
  readonly tolerance: number;
  readonly launcher: Launcher;
  /** The folder of all runs. */
  readonly root: string;
  /** The record of a further run, which has a name of its own. */
  readonly recordOf: (plan: RunPlan) => RunRecord;
  /** Tells whoever asked last of the user's wishes to stop, with their number. */
  readonly onInterrupt: (listener: (count: number) => void) => void;
  /** Aborts when a trial that has not begun is not to begin. */
  readonly signal: AbortSignal;
  /** Aborts when what such a trial has set up is not to be undone either. */
  readonly atOnce: AbortSignal;
  readonly warn: (text: string) => void;
  /** Told of how a trial goes. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
};

export type EndedTrial = {
  readonly summary: Summary;
  /** It was ended early, since it could not hold any more. */
  readonly givenUp: boolean;
  /** See `behindArrivals`. */
  readonly behind: number | undefined;
};

/**
 * Runs one trial: a run as any other, with a folder, a summary and its points in the database. A trial that cannot hold
 * any more is ended on all nodes; a node that the word does not reach ends by its plan. Throws what `Run.start` throws.
 */
export async function runTrial(plan: RunPlan, setting: TrialSetting): Promise<EndedTrial> {
  const { tolerance, launcher, root, recordOf, onInterrupt, signal, atOnce, warn } = setting;
  const folder = await RunFolder.create(root, recordOf(plan));
  const running = await new Run(folder, launcher).start({ signal, atOnce, onLaunched: () => undefined });
  let telling: Promise<void> = Promise.resolve();
  const tell = (what: () => Promise<void>): void => {
    telling = telling.then(what);
    // What could not be told to a node shows when it is collected.
    telling.catch(() => undefined);
  };
  onInterrupt((count) => tell(count < 3 ? () => running.stop({ graceful: count === 1 }) : () => running.kill()));
  let givenUp = false;
  const watch = (progress: Progress): void => {
    setting.onProgress?.(progress);
    const { totals, elapsedMs } = progress;
    const { durationMs } = plan;
    if (givenUp || !totals || durationMs === null || elapsedMs >= durationMs) return;
    if (!isHopeless(totals, { tolerance, elapsedMs, durationMs })) return;
    givenUp = true;
    tell(() => running.giveUp());
  };
  try {
    const finished = await running.finish(watch);
    const summary = await finished.judge();
    const notStored = await finished.store(summary);
    if (notStored !== undefined) warn(`the figures of ${summary.run} are not in the database: ${notStored}`);
    if (finished.leftOver !== undefined) warn(`containers of ${summary.run} are still there: ${finished.leftOver}`);
    const { timeline } = finished;
    return { summary, givenUp, behind: timeline && behindArrivals(plan, timeline) };
  } catch (error) {
    await running.kill();
    throw error;
  }
}
