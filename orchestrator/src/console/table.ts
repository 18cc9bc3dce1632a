import { widthOf } from './width.ts';

/** A cell of a table: its text, and how it is painted (which does not count for its width). */
export type Cell = {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
  /** Words stand to the left, in whatever column. */
  readonly left?: boolean | undefined;
};

/** Lays out rows in columns, the first to the left and all others to the right, with two spaces between. */
export function table(rows: readonly (readonly (Cell | string)[])[]): readonly string[] {
  const cells = rows.map((row) => row.map((cell): Cell => (typeof cell === 'string' ? { text: cell } : cell)));
  const widths: number[] = [];
  for (const row of cells)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, widthOf(cell.text));
    });
  return cells.map((row) =>
    row
      .map((cell, i) => {
        const width = widths[i] ?? 0;
        const gap = ' '.repeat(width - widthOf(cell.text));
        const text = i === 0 || cell.left ? cell.text + gap : gap + cell.text;
        return cell.paint ? cell.paint(text) : text;
      })
      .join('  ')
      .trimEnd(),
  );
}
