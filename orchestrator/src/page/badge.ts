import { type Content, type Html, html } from './html.ts';

/** How something is meant: its text has to say it, too, since not everybody sees colours. */
export type Tone = 'good' | 'bad' | 'warn' | 'plain';

/** A word in a coloured field. */
export function badge(tone: Tone, text: Content): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}

/** A figure with its name, for rows of figures: `facts`. */
export type Fact = { readonly name: string; readonly value: Content; readonly tone?: Tone | undefined };

/** Figures beside each other, each under its name. */
export function facts(list: readonly Fact[]): Html {
  const items = list.map(
    ({ name, value, tone }) => html`<div><dt>${name}</dt><dd${tone && html` class="${tone}"`}>${value}</dd></div>`,
  );
  return html`<dl class="facts">${items}</dl>
`;
}
