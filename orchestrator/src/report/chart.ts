import { type Content, type Html, html } from '../page/html.ts';

/** A place for a chart, which the page's script draws. */
export type Chart = {
  /** What the script knows it by. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen, for who does not see it. */
  readonly text: string;
  /** Beside the title: choices of the reader. */
  readonly controls?: Content;
  /** The same figures as a table. */
  readonly figures?: Content;
};

/** A chart with its title, what it shows in words, and its figures as a table. */
export function chart({ id, title, text, controls, figures }: Chart): Html {
  return html`<figure class="chart-figure" id="figure-${id}">
<figcaption><h3 id="title-${id}">${title}</h3>${controls}</figcaption>
<div class="legend" data-legend="${id}"></div>
<div class="chart" data-chart="${id}" role="group" aria-roledescription="chart" aria-labelledby="title-${id}" aria-describedby="text-${id}" tabindex="0"></div>
<p class="small muted" id="text-${id}">${text}</p>
${figures && html`<details class="figures"><summary>${title}: the figures as a table</summary>${figures}</details>`}
</figure>
`;
}
