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
      widths[i] = Math.max(widths[i] ?? 0, cell.text.length);
    });
  return cells.map((row) =>
    row
      .map((cell, i) => {
        const width = widths[i] ?? 0;
        const text = i === 0 || cell.left ? cell.text.padEnd(width) : cell.text.padStart(width);
        return cell.paint ? cell.paint(text) : text;
      })
      .join('  ')
      .trimEnd(),
  );
}
