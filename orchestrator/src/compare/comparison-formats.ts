import type { Comparison } from '@loads/core';
import { painter } from '../console/paint.ts';
import { comparisonHtml } from './comparison-html.ts';
import { comparisonMarkdown } from './comparison-markdown.ts';
import { comparisonText } from './comparison-text.ts';

/** How a comparison, or a trend, can be written. */
export const PAGE_FORMATS = ['text', 'html', 'markdown', 'json'] as const;
export type PageFormat = (typeof PAGE_FORMATS)[number];

/** A comparison for a file: without colours, as wide as it is. */
export function writeComparison(format: PageFormat, comparison: Comparison, notes: readonly string[]): string {
  switch (format) {
    case 'html':
      return comparisonHtml(comparison, notes);
    case 'markdown':
      return comparisonMarkdown(comparison, notes);
    case 'json':
      return `${JSON.stringify(comparison, undefined, 2)}\n`;
    case 'text':
      return `${comparisonText(comparison, notes, { paint: painter(false), columns: Number.POSITIVE_INFINITY }).join('\n')}\n`;
  }
}

/** The format of a file by its name, where the user names none. */
export function formatOfFile(path: string | undefined): PageFormat {
  if (path === undefined) return 'text';
  if (/\.html?$/i.test(path)) return 'html';
  if (/\.(md|markdown)$/i.test(path)) return 'markdown';
  return /\.json$/i.test(path) ? 'json' : 'text';
}
