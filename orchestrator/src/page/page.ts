import { createHash } from 'node:crypto';
import { type Content, dataBlock, type Html, html, trusted } from './html.ts';
import { PAGE_STYLES } from './page-styles.ts';

/** A part of a page with a heading, which the table of contents leads to. */
export type Section = {
  /** Its anchor: letters, digits and `-`. */
  readonly id: string;
  readonly title: string;
  readonly content: Content;
};

export type Page = {
  /** Of the browser's window. */
  readonly title: string;
  /** What stands above all sections: the heading `h1`, the verdict. */
  readonly header: Html;
  readonly sections: readonly Section[];
  readonly footer?: Content;
  /** CSS beside that of all pages. */
  readonly styles?: string | undefined;
  /** A script, run at the end of the page. */
  readonly script?: string | undefined;
  /** What the script finds as JSON in the element of this id. */
  readonly data?: { readonly id: string; readonly content: unknown } | undefined;
};

/**
 * A whole page as one file: no request leaves it, and its policy (CSP) forbids any, as well as every style and script but its
 * own. So elements have no `style` attributes.
 */
export function pageText({ title, header, sections, footer, styles = '', script: code, data }: Page): string {
  const css = asParsed(`${PAGE_STYLES}${styles}`);
  const script = code === undefined ? undefined : asParsed(code);
  const links = sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(css, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(css)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="masthead">${header}</header>
${links.length > 1 && html`<nav class="contents" aria-label="Contents"><ul>${links}</ul></nav>`}
<main id="main">
${sections.map(sectionText)}
</main>
<footer>${footer}</footer>
${data && dataBlock(data.id, data.content)}
${script !== undefined && html`<script>${trusted(script)}</script>`}
</body>
</html>
`.text;
}

function sectionText({ id, title, content }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}
</section>
`;
}

/** Nothing from anywhere, and of styles and scripts only those with these bytes. */
function policy(css: string, script: string | undefined): string {
  return [
    "default-src 'none'",
    'img-src data:',
    `style-src ${hashOf(css)}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** What a browser makes of the line ends of a page before it looks at anything. */
function asParsed(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
