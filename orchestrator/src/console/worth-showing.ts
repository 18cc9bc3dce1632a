import { formatCount } from './format.ts';

/** How many rows a table of the summary has, unless all are asked for. */
export const MOST_ROWS = 50;

/** What decides whether a row is worth its place. */
export type Weight = { readonly failed: number; readonly count: number };

/**
 * The rows of a table that are worth their place: those that failed most, then the most frequent ones, in the order that they
 * have. `left` is how many there are beside them.
 */
export function worthShowing<Row>(
  rows: readonly Row[],
  weightOf: (row: Row) => Weight,
  most: number = MOST_ROWS,
): { readonly shown: readonly Row[]; readonly left: number } {
  if (rows.length <= most) return { shown: rows, left: 0 };
  const weighed = rows.map((row, place) => ({ row, place, ...weightOf(row) }));
  const best = weighed.toSorted((a, b) => b.failed - a.failed || b.count - a.count).slice(0, most);
  return { shown: best.sort((a, b) => a.place - b.place).map(({ row }) => row), left: rows.length - most };
}

/** Says what is left out, where something is. */
export function leftText(left: number): readonly string[] {
  return left === 0 ? [] : [`and ${formatCount(left)} more in summary.json, or with -v`];
}
