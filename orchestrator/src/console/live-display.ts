import type { RunPlan } from '@loads/core';
import type { Progress } from '../run/running-run.ts';
import { fitLine, widthOf } from './format.ts';
import type { Paint } from './paint.ts';
import { progressLine, progressScreen } from './progress-text.ts';
import { rateMeter } from './rate-meter.ts';

const LINE_EVERY_MS = 2000;

/** Shows the progress of a run while it runs. */
export type LiveDisplay = {
  show(progress: Progress): void;
  /** Something to read while the run goes on. */
  note(text: string): void;
  /** Leaves the terminal as a summary expects it. Does nothing the second time. */
  close(): void;
};

export type Output = { write(text: string): unknown; readonly columns?: number | undefined };

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_RIGHT = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/**
 * A screen that is drawn again in place: each line over the one before, so that nothing flickers. It begins with an empty
 * line, and the cursor stands below it, hidden.
 */
export function screenDisplay(plan: RunPlan, output: Output, paint: Paint): LiveDisplay {
  const rate = rateMeter();
  let drawn: readonly string[] = [];
  let hidden = false;
  // A line as wide as the terminal would leave the cursor on its last column, not behind it.
  const columns = (): number => Math.max(1, (output.columns ?? 80) - 1);
  const home = (): string => {
    // A terminal that has become narrower has wrapped what was drawn.
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / (output.columns ?? 80))), 0);
    return rows > 0 ? `\r\u001b[${rows}A` : '\r';
  };
  return {
    show(progress) {
      const screen = progressScreen(plan, { now: progress, rate: rate(progress) }, paint, columns());
      const lines = ['', ...screen.map((line) => fitLine(line, columns()))];
      const text = lines.map((line) => `${line}${CLEAR_RIGHT}\n`).join('');
      output.write(`${HIDE_CURSOR}${home()}${text}${CLEAR_BELOW}`);
      drawn = lines;
      hidden = true;
    },
    note(text) {
      output.write(`${home()}${CLEAR_BELOW}\n${text}\n`);
      drawn = [];
    },
    close() {
      if (hidden) output.write(`${home()}${CLEAR_BELOW}${SHOW_CURSOR}`);
      drawn = [];
      hidden = false;
    },
  };
}

/** A line every two seconds, for logs, after an empty one. */
export function lineDisplay(plan: RunPlan, output: Output): LiveDisplay {
  const rate = rateMeter();
  let nextMs = LINE_EVERY_MS;
  let begun = false;
  const line = (text: string): void => {
    output.write(`${begun ? '' : '\n'}${text}\n`);
    begun = true;
  };
  return {
    show(progress) {
      const perSecond = rate(progress);
      if (progress.elapsedMs < nextMs) return;
      nextMs = progress.elapsedMs - (progress.elapsedMs % LINE_EVERY_MS) + LINE_EVERY_MS;
      line(progressLine(plan, { now: progress, rate: perSecond }));
    },
    note: line,
    close() {},
  };
}

/** A JSON object a line, for programs; notes go elsewhere. */
export function jsonDisplay(output: Output, notes: Output): LiveDisplay {
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
    note(text) {
      notes.write(`${text}\n`);
    },
    close() {},
  };
}

/** Nothing but the notes. */
export function silentDisplay(notes: Output): LiveDisplay {
  return {
    show() {},
    note(text) {
      notes.write(`${text}\n`);
    },
    close() {},
  };
}
