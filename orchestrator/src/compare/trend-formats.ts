import type { Trend } from '@loads/core';
import { painter } from '../console/paint.ts';
import type { PageFormat } from './comparison-formats.ts';
import { trendHtml } from './trend-html.ts';
import { trendMarkdown } from './trend-markdown.ts';
import { trendText } from './trend-text.ts';

/** A trend for a file. */
export function writeTrend(format: PageFormat, trend: Trend, notes: readonly string[]): string {
  switch (format) {
    case 'html':
      return trendHtml(trend, notes);
    case 'markdown':
      return trendMarkdown(trend, notes);
    case 'json':
      return `${JSON.stringify(trend, undefined, 2)}\n`;
    case 'text':
      return `${trendText(trend, notes, painter(false)).join('\n')}\n`;
  }
}
