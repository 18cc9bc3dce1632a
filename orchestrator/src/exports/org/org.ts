import { stripVTControlCharacters } from 'node:util';

/** Text from outside as Org that shows just this text, on one line: no markup and no cell's end. */
export function orgText(text: string): string {
  const line = stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  // A zero-width space is Org's own escape: before a mark, no markup begins.
  return line
    .trim()
    .replaceAll('\\', '\\backslash{}')
    .replaceAll('|', '\\vert{}')
    .replaceAll(/[*/_=~+^<[#]/g, (mark) => `\u200b${mark}`);
}

/** A table. Its cells are Org. */
export function orgTable(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), `|${header.map(() => '---').join('+')}|`, ...rows.map(line)];
}

/** Lines as they are: a comma keeps those that Org would read from being read (Org manual, "Literal Examples"). */
export function orgExample(lines: readonly string[]): readonly string[] {
  const kept = lines.map((line) => (/^,*(\*|#\+)/.test(line) ? `,${line}` : line));
  return ['#+begin_example', ...kept, '#+end_example'];
}
