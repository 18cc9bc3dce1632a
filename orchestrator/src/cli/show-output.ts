import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveDisplay } from '../console/live-display.ts';
import { type LogSource, linesOf } from './log-sources.ts';

/** How long the last output of nodes that have ended may take to be shown, ms. */
const OUTPUT_MS = 2000;

/** What the processes of a run write, until they have ended. */
export type OutputOf = (run: string) => Promise<readonly LogSource[]>;

/** Shows what processes write until they have ended. That it cannot be had is no reason to end a run: it is in their files. */
export async function showOutput(outputOf: OutputOf, run: string, display: LiveDisplay): Promise<void> {
  const sources = await outputOf(run).catch(() => []);
  await Promise.allSettled(
    sources.map(async (source) => {
      for await (const line of linesOf(source)) display.log(source.name, line);
    }),
  );
}

/** Waits until what is `shown` of nodes that have ended is all there is, within limits. */
export async function outputShown(shown: Promise<void> | undefined): Promise<void> {
  await Promise.race([shown, sleep(OUTPUT_MS, undefined, { ref: false })]);
}

/** Shows what processes wrote that have ended, and closes the display. */
export async function showWritten(outputOf: OutputOf, run: string, display: LiveDisplay): Promise<void> {
  await outputShown(showOutput(outputOf, run, display));
  display.close();
}
