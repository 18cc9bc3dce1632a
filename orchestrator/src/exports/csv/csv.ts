/** A cell: what is not known stays empty. */
export type CsvCell = string | number | null | undefined;

/** A table as RFC 4180 has it: a header, lines that end with CR LF, quotes where they are needed. */
export function csvTable(header: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  let text = line(header);
  for (const row of rows) text += line(row);
  return text;
}

function line(cells: readonly CsvCell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: CsvCell): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  if (cell === undefined || cell === null) return '';
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
