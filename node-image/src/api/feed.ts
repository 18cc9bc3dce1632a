import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LoadsError, type RowOrder, rowCursor, type Slot } from '@loads/core';
import { parse } from 'csv-parse/sync';

/** Where this process stands in the run, as far as its rows depend on it. */
export type FeedPlace = { readonly slot: Slot; readonly uniqueSlot: Slot; readonly seed: number };

export type FeedOptions = {
  /** `sequential`: one after the other and round again (the default); `random`; `unique`: each row once in the whole run. */
  readonly order?: RowOrder | undefined;
  /** What happens when `unique` rows are used up: this process ends its load, or each further iteration fails. Default: stop. */
  readonly whenEmpty?: 'stop' | 'fail' | undefined;
};

/** Gives out rows of data. The processes of all nodes share them, so that no two begin with the same one. */
export type Feeder<Row> = {
  /** The next row. Throws a FeedEmptyError when there is none. */
  next(): Row;
  /** How many rows there are in all. */
  readonly size: number;
};

/** A feeder has no row left: the end of the load where `stops`, else a failure of the iteration. */
export class FeedEmptyError extends Error {
  override readonly name = 'FeedEmptyError';
  readonly stops: boolean;

  constructor(stops: boolean) {
    super('the feeder has no row left');
    this.stops = stops;
  }
}

/** What feeders need to know of their process. Outside of a run it is all there is. */
export const feedSetting: { place: FeedPlace; baseDir: string } = {
  place: { slot: { index: 0, count: 1 }, uniqueSlot: { index: 0, count: 1 }, seed: 0 },
  baseDir: process.cwd(),
};

let feeders = 0;

/** Makes a feeder of rows, at the top of a scenario file: `const users = feed(csv('users.csv'), { order: 'unique' })`. */
export function feed<Row>(
  rows: readonly Row[],
  { order = 'sequential', whenEmpty = 'stop' }: FeedOptions = {},
): Feeder<Row> {
  refuseUnlike('order', order, ['sequential', 'random', 'unique']);
  refuseUnlike('whenEmpty', whenEmpty, ['stop', 'fail']);
  const name = String(feeders++);
  let cursor: (() => number | undefined) | undefined;
  return {
    size: rows.length,
    next(): Row {
      // The place of the process is known when the run begins, not when the file is loaded.
      const { place } = feedSetting;
      const slot = order === 'unique' ? place.uniqueSlot : place.slot;
      cursor ??= rowCursor({ order, rows: rows.length, slot, seed: place.seed, name });
      const row = cursor();
      if (row === undefined) throw new FeedEmptyError(whenEmpty === 'stop');
      return rows[row] as Row;
    },
  };
}

/** JavaScript, and types that nobody checks, may give anything. */
function refuseUnlike(option: string, given: string, known: readonly string[]): void {
  if (known.includes(given)) return;
  const hint = `it is one of ${known.join(', ')}`;
  throw new LoadsError('ERR_SCENARIO_LOAD', `a feeder has no ${option} '${given}'`, { hint });
}

export type CsvOptions = {
  /** Default: `,`. */
  readonly delimiter?: string | undefined;
  /** The names of the columns, for a file whose first line is a row already. */
  readonly columns?: readonly string[] | undefined;
};

/** The rows of a CSV file (RFC 4180, its first line the names of the columns), all values texts. The path starts at the scenario file. */
export function csv(path: string, { delimiter = ',', columns }: CsvOptions = {}): readonly Record<string, string>[] {
  return read(path, (text) =>
    parse(text, { delimiter, columns: columns ? [...columns] : true, bom: true, skip_empty_lines: true }),
  );
}

/** The values of a file with one JSON value on each line. The path starts at the scenario file. */
export function jsonLines<Row = unknown>(path: string): readonly Row[] {
  return read(path, (text) =>
    text.split('\n').flatMap((line, i) => {
      if (line.trim() === '') return [];
      try {
        return [JSON.parse(line) as Row];
      } catch (cause) {
        throw new Error(`line ${i + 1} is no JSON`, { cause });
      }
    }),
  );
}

function read<Rows>(path: string, parseText: (text: string) => Rows): Rows {
  try {
    return parseText(readFileSync(resolve(feedSetting.baseDir, path), 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new LoadsError('ERR_SCENARIO_LOAD', `the data file ${path} cannot be read: ${reason}`, { cause });
  }
}
