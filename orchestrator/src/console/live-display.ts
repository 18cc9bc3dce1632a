import type { RunPlan } from '@loads/core';
import type { Progress } from '../run/running-run.ts';
import type { Paint } from './paint.ts';
import { progressLine, progressScreen, volumeOf } from './progress-text.ts';

const LINE_EVERY_MS = 2000;

/** Shows the progress of a run while it runs. `close` leaves the terminal as a summary expects it. */
export type LiveDisplay = { show(progress: Progress): void; close(): void };

type Output = { write(text: string): unknown; readonly columns?: number | undefined };

/** One screen that is drawn again in place; each line is cut at the width of the terminal. */
export function screenDisplay(plan: RunPlan, output: Output, paint: Paint): LiveDisplay {
  const rate = rateMeter();
  let drawn = 0;
  const erase = (): string => (drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : '');
  return {
    show(progress) {
      const lines = progressScreen(plan, { now: progress, rate: rate(progress) }, paint);
      // Without line wrapping, one line is one row, however narrow the terminal is.
      output.write(`\u001b[?25l\u001b[?7l${erase()}${lines.join('\n')}\n\u001b[?7h`);
      drawn = lines.length;
    },
    close() {
      output.write(`${erase()}\u001b[?25h`);
      drawn = 0;
    },
  };
}

/** A line every two seconds, for logs. */
export function lineDisplay(plan: RunPlan, output: Output): LiveDisplay {
  const rate = rateMeter();
  let nextMs = LINE_EVERY_MS;
  return {
    show(progress) {
      const perSecond = rate(progress);
      if (progress.elapsedMs < nextMs) return;
      nextMs = progress.elapsedMs - (progress.elapsedMs % LINE_EVERY_MS) + LINE_EVERY_MS;
      output.write(`${progressLine(plan, { now: progress, rate: perSecond })}\n`);
    },
    close() {},
  };
}

/** A JSON object a line, for programs. */
export function jsonDisplay(output: Output): LiveDisplay {
  let nextMs = 0;
  return {
    show({ elapsedMs, totals, nodesRunning }) {
      if (elapsedMs < nextMs) return;
      nextMs = elapsedMs - (elapsedMs % 1000) + 1000;
      const p95Ms = totals?.durations.quantile(0.95);
      const { durations: _, ...figures } = totals ?? { durations: undefined };
      output.write(
        `${JSON.stringify({ type: 'progress', elapsedMs: Math.round(elapsedMs), nodesRunning, ...figures, p95Ms })}\n`,
      );
    },
    close() {},
  };
}

export const silentDisplay: LiveDisplay = { show() {}, close() {} };

/** Volume per second over the last whole change of the totals, which the nodes renew every second. */
function rateMeter(): (progress: Progress) => number {
  let last = { volume: 0, elapsedMs: 0 };
  let rate = 0;
  return (progress) => {
    const volume = volumeOf(progress);
    const sinceMs = progress.elapsedMs - last.elapsedMs;
    if (volume !== last.volume && sinceMs >= 900) {
      rate = ((volume - last.volume) / sinceMs) * 1000;
      last = { volume, elapsedMs: progress.elapsedMs };
    }
    return Math.max(0, rate);
  };
}
