import type { Trend } from '@loads/core';
import { markdownTable, markdownText as plain } from '../exports/markdown/markdown.ts';
import { labelsText, TREND_COLUMNS, trendCells } from './trend-text.ts';

/** A trend as GitHub Flavored Markdown: a row for each run, the oldest first. */
export function trendMarkdown({ name, points }: Trend, notes: readonly string[]): string {
  const rows = points.map((point) => [...trendCells(point), labelsText(point)].map(plain));
  return [
    `## Trend of ${plain(name)}`,
    '',
    ...markdownTable([...TREND_COLUMNS, 'labels'], rows, [4, 5, 6, 7, 8]),
    '',
    ...notes.flatMap((note) => [`> ${plain(note)}`, '']),
    '',
  ].join('\n');
}
