import { coarsened, type Latencies, latencyBuckets, type Track } from '@loads/core';
import type { HeatData } from './report-data.ts';

/** The most columns: as many as a wide screen can tell apart. */
const MOST_COLUMNS = 240;
/** Rows to a factor of 10 in latency. */
const ROWS_PER_DECADE = 12;

/** The grid of time and latency of a track, its rows equally high on a logarithmic axis. */
export function heatData(track: Track): HeatData {
  let grid = track;
  while (grid.count.length > MOST_COLUMNS) grid = coarsened(grid, grid.stepMs * 2);
  const columns = grid.latencies.map(rowCounts);
  const rows = columns.flatMap((column) => [...column.keys()]);
  // By hand: a spread of an hour's rows is no problem, that of a longer run may be.
  const first = rows.reduce((least, row) => Math.min(least, row), Number.POSITIVE_INFINITY);
  const last = rows.reduce((most, row) => Math.max(most, row), Number.NEGATIVE_INFINITY);
  const count = rows.length === 0 ? 0 : last - first + 1;
  return {
    stepS: grid.stepMs / 1000,
    bounds: count === 0 ? [] : Array.from({ length: count + 1 }, (_, i) => boundOf(first + i)),
    cells: columns.map((column) => [...column].flatMap(([row, requests]) => [row - first, requests])),
  };
}

/** The samples of each row. What is below 0.1 ms shares the row of that. */
function rowCounts(latencies: Latencies): ReadonlyMap<number, number> {
  const rows = new Map<number, number>();
  for (const { ms, count } of latencyBuckets(latencies)) {
    const row = Math.floor(Math.log10(Math.max(ms, 0.1)) * ROWS_PER_DECADE + 1e-9);
    rows.set(row, (rows.get(row) ?? 0) + count);
  }
  return rows;
}

function boundOf(row: number): number {
  return Number((10 ** (row / ROWS_PER_DECADE)).toPrecision(4));
}
