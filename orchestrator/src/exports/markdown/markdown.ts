import { stripVTControlCharacters } from 'node:util';

/** Text from outside as Markdown (GitHub's) that shows just this text, on one line: no markup, no HTML, no cell's end. */
export function markdownText(text: string): string {
  return inLine(text)
    .replaceAll(/[\\`*_[\]#|~]/g, (mark) => `\\${mark}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** The same as code within a line. A `|` would end a cell even there. */
export function markdownName(text: string): string {
  const plain = inLine(text).replaceAll('|', '\\|').trim();
  if (plain === '') return '';
  const ticks = '`'.repeat(longestTicks(plain) + 1);
  // One space on each side does not show, and keeps ticks of the text from the fence.
  return plain.startsWith('`') || plain.endsWith('`') ? `${ticks} ${plain} ${ticks}` : `${ticks}${plain}${ticks}`;
}

/** A table. Its cells are Markdown; `right` are the columns of figures, from 0. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = header.map((_, i) => (right.includes(i) ? '---:' : '---'));
  return [line(header), line(rule), ...rows.map(line)];
}

/** Code, as it is, between lines: nothing in it can end it. */
export function markdownCode(text: string): readonly string[] {
  const fence = '`'.repeat(Math.max(3, longestTicks(text) + 1));
  return [fence, ...text.split(/\r?\n/), fence];
}

function longestTicks(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
}

function inLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
