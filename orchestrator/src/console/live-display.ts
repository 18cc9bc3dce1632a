import { stripVTControlCharacters } from 'node:util';
import type { LiveTotals, RunPlan } from '@loads/core';
import type { Progress } from '../run/running-run.ts';
import type { CliEvent, ProgressEvent } from './cli-events.ts';
import { fitLine } from './format.ts';
import { liveTable } from './live-table.ts';
import { type Paint, painter } from './paint.ts';
import { progressLine, progressScreen } from './progress-text.ts';
import { rateMeter } from './rate-meter.ts';
import { widthOf } from './width.ts';

const LINE_EVERY_MS = 2000;
const TABLE_EVERY_MS = 10_000;
const TABLE_ROWS = 12;
/** A log that is written faster than this is read in the files of the run. */
const MOST_LOG_LINES = 1000;

/** Shows the progress of a run while it runs. */
export type LiveDisplay = {
  show(progress: Progress): void;
  /** Something to read while the run goes on. */
  note(text: string): void;
  /** A line that a process of the run has written. */
  log(process: string, line: string): void;
  /** Leaves the terminal as a summary expects it. Does nothing the second time. */
  close(): void;
};

export type Output = {
  write(text: string): unknown;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

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
  let logged: string[] = [];
  let left = 0;
  let closed = false;
  // A line as wide as the terminal would leave the cursor on its last column, not behind it.
  const columns = (): number => Math.max(1, (output.columns ?? 80) - 1);
  // The empty line above takes a row, and the cursor below.
  const rows = (): number => Math.max(1, (output.rows ?? 24) - 2);
  const home = (): string => {
    // A terminal that has become narrower has wrapped what was drawn.
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / (output.columns ?? 80))), 0);
    return rows > 0 ? `\r\u001b[${rows}A` : '\r';
  };
  const takeLog = (): string => {
    const shown = left > 0 ? [`(${left} lines are left out here: \`loads logs\` has them)`, ...logged] : logged;
    logged = [];
    left = 0;
    return shown.map((line) => `${line}${CLEAR_RIGHT}\n`).join('');
  };
  return {
    show(progress) {
      const room = { columns: columns(), rows: rows() };
      const screen = progressScreen(plan, { now: progress, rate: rate(progress) }, paint, room);
      const lines = ['', ...screen.map((line) => fitLine(line, columns()))];
      const text = lines.map((line) => `${line}${CLEAR_RIGHT}\n`).join('');
      output.write(`${HIDE_CURSOR}${home()}${takeLog()}${text}${CLEAR_BELOW}`);
      drawn = lines;
      hidden = true;
    },
    note(text) {
      output.write(`${home()}${CLEAR_BELOW}${takeLog()}\n${text}\n`);
      drawn = [];
    },
    log(process, line) {
      logged.push(logLine(process, line));
      if (logged.length > MOST_LOG_LINES) left += logged.splice(0, logged.length - MOST_LOG_LINES).length;
      if (closed) output.write(takeLog());
    },
    close() {
      if (hidden || logged.length > 0) output.write(`${home()}${CLEAR_BELOW}${takeLog()}${hidden ? SHOW_CURSOR : ''}`);
      closed = true;
      drawn = [];
      hidden = false;
    },
  };
}

/** A line every two seconds, for logs, after an empty one, and every ten seconds the requests by name. */
export function lineDisplay(plan: RunPlan, output: Output): LiveDisplay {
  const rate = rateMeter();
  let nextMs = LINE_EVERY_MS;
  let tableMs = TABLE_EVERY_MS;
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
      if (progress.elapsedMs < tableMs) return;
      tableMs = progress.elapsedMs - (progress.elapsedMs % TABLE_EVERY_MS) + TABLE_EVERY_MS;
      const room = { columns: Number.POSITIVE_INFINITY, rows: TABLE_ROWS };
      for (const row of liveTable(progress.totals?.names ?? [], room, painter(false))) line(`  ${row}`);
    },
    note: line,
    log: (process, text) => line(logLine(process, text)),
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
      const event: CliEvent = {
        type: 'progress',
        elapsedMs: Math.round(elapsedMs),
        nodesRunning,
        ...(totals && progressFigures(totals)),
      };
      output.write(`${JSON.stringify(event)}\n`);
    },
    note(text) {
      notes.write(`${text}\n`);
    },
    log(process, line) {
      const event: CliEvent = { type: 'log', process, line };
      output.write(`${JSON.stringify(event)}\n`);
    },
    close() {},
  };
}

function progressFigures({
  durations,
  names,
  ...figures
}: LiveTotals): Omit<ProgressEvent, 'type' | 'elapsedMs' | 'nodesRunning'> {
  const requestsByName = names.map(({ name, protocol, requests, failed, rate, durations: recent }) => ({
    name,
    protocol,
    requests,
    failed,
    rate,
    p50Ms: recent.quantile(0.5),
    p95Ms: recent.quantile(0.95),
    p99Ms: recent.quantile(0.99),
  }));
  return { ...figures, p95Ms: durations.quantile(0.95), requestsByName };
}

/** Lines of several processes in one place; nothing in them steers the terminal. */
function logLine(process: string, line: string): string {
  return `${process} | ${stripVTControlCharacters(line)
    .replaceAll('\t', '  ')
    .replaceAll(/\p{Cc}/gu, '')}`;
}

/** Nothing but the notes. */
export function silentDisplay(notes: Output): LiveDisplay {
  return {
    show() {},
    note(text) {
      notes.write(`${text}\n`);
    },
    log() {},
    close() {},
  };
}
