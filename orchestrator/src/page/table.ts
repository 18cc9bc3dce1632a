import { type Content, type Html, html } from './html.ts';

export type Column = {
  readonly title: Content;
  /** Figures stand on the right, under each other. */
  readonly numeric?: boolean | undefined;
};

/** A row; its first cell names it. `sub` is a part of the row before, `total` stands apart. */
export type Row = { readonly cells: readonly Content[]; readonly kind?: 'sub' | 'total' | undefined };

export type Table = {
  /** What the table shows: read aloud before it, and shown above it unless `quiet`. */
  readonly caption: string;
  readonly quiet?: boolean | undefined;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
};

/** A table in a frame of its own that scrolls where the screen is narrow, by keyboard, too. */
export function table({ caption, quiet, columns, rows }: Table): Html {
  const head = columns.map(({ title, numeric }) => html`<th scope="col"${numeric && NUMERIC}>${title}</th>`);
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table>
<caption${quiet && HIDDEN}>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${rows.map((row) => rowText(row, columns))}
</tbody>
</table>
</div>
`;
}

const NUMERIC: Html = html` class="number"`;
const HIDDEN: Html = html` class="hidden"`;

function rowText({ cells, kind }: Row, columns: readonly Column[]): Html {
  const [first, ...others] = cells;
  const rest = others.map((cell, i) => html`<td${columns[i + 1]?.numeric && NUMERIC}>${cell}</td>`);
  return html`<tr${kind && html` class="${kind}"`}><th scope="row">${first}</th>${rest}</tr>
`;
}
