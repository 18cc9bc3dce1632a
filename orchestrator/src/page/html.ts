/** A piece of a page whose text is escaped already. Made by `html` and `trusted` alone. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What stands in a page: pieces as they are, text and numbers escaped, nothing for what is absent, lists one after the other. */
export type Content = Html | string | number | undefined | false | readonly Content[];

/** Puts a piece of a page together. Every value is escaped, as text and as a quoted attribute: `` html`<p>${name}</p>` ``. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.map((text, i) => text + markup(values[i])).join(''));
}

/** Text that is markup already: only for what is no user's. */
export function trusted(markupText: string): Html {
  return new Html(markupText);
}

/**
 * Data for a page's script, as a block that is not run. `<` is written as an escape, since `</script>` or `<!--` within a
 * text would end the block.
 */
export function dataBlock(id: string, data: unknown): Html {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return html`<script type="application/json" id="${id}">${trusted(json)}</script>`;
}

function markup(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content));
  return content.map(markup).join('');
}

function escaped(text: string): string {
  return text.replaceAll(CONTROL, '\ufffd').replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/** Control characters except tab and line ends: no page shows them. */
const CONTROL = /(?![\t\n\r])\p{Cc}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
