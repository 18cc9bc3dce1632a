import { HEAT_MAP_BOUNDS } from '@loads/core';
import { expect } from 'vitest';
import type { DataSource, Row } from './data-source.ts';

/** All figures of rows, but for their times. */
export function numbersOf(rows: readonly Row[]): readonly unknown[] {
  return rows.flatMap((row) => Object.entries(row)).filter(([column, value]) => column !== 'time' && value !== null);
}

/** The one value of a column. */
export function columnOf(rows: readonly Row[], column: string): unknown {
  const values = rows.flatMap((row) => (typeof row[column] === 'number' ? [row[column]] : []));
  expect(values, column).toHaveLength(1);
  return values[0];
}

/** What a column adds up to. */
export function sumOf(rows: readonly Row[], column: string): number {
  return rows.reduce((sum, row) => sum + (typeof row[column] === 'number' ? row[column] : 0), 0);
}

/** That a bound is the upper one of the bucket that holds the exact figure. Its own buckets are 0.8 % wide, and lie across the bounds. */
export function expectBucket(bound: unknown, exact: number | undefined): void {
  const i = HEAT_MAP_BOUNDS.indexOf(Number(bound));
  expect(i, `${bound} is a bound`).toBeGreaterThanOrEqual(0);
  expect(exact).toBeLessThanOrEqual(Number(bound) * 1.008);
  expect(exact).toBeGreaterThanOrEqual((HEAT_MAP_BOUNDS[i - 1] ?? 0) * 0.992);
}

/** A percentile of one node from the buckets of the heat map, which are not cumulative and written by other code. */
export async function percentileOfNode(source: DataSource, run: string, node: string, share: number): Promise<number> {
  const where = `"run" = '${run}' AND "node" = '${node}'`;
  const rows = await source.query(`SELECT sum("count") FROM "http_req_duration_bucket" WHERE ${where} GROUP BY "le"`);
  const counts = rows
    .map(({ le, sum }) => ({ bound: Number(le), count: Number(sum) }))
    .sort((a, b) => a.bound - b.bound);
  const rank = share * counts.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  for (const { bound, count } of counts) {
    seen += count;
    if (seen >= rank) return bound;
  }
  return Number.NaN;
}
