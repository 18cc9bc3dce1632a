import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { html } from './html.ts';
import { pageText } from './page.ts';
import { table } from './table.ts';

const content = table({
  caption: 'Fruit & more',
  columns: [{ title: 'Name' }, { title: 'Count', numeric: true }],
  rows: [{ cells: ['<apple>', 3] }, { cells: ['all', 3], kind: 'total' }],
});
const page = pageText({
  title: '</title><script>alert(1)</script>',
  header: html`<h1>${'<Fruit>'}</h1>`,
  sections: [
    { id: 'one', title: 'One', content },
    { id: 'two', title: 'Two', content: 'text' },
  ],
  script: 'console.log(1);\r\n',
  styles: '.own { color: red; }',
  data: { id: 'data', content: ['</script>'] },
});

/** The content of an element, as a browser reads it. */
function inside(tag: string): string {
  return new RegExp(String.raw`<${tag}>([\s\S]*?)</${tag}>`).exec(page)?.[1] ?? '';
}

test('the policy allows nothing but the very bytes of the style and the script', () => {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  expect(policy.replaceAll('&#39;', "'").split('; ')).toEqual([
    "default-src 'none'",
    'img-src data:',
    `style-src ${hash(inside('style'))}`,
    `script-src ${hash('console.log(1);\n')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(inside('script')).toBe('console.log(1);\n');
  expect(page).not.toMatch(/ style=| on\w+=|\r/);
});

test('it has landmarks, a heading for each section, and a table of contents', () => {
  expect(page).toContain('<html lang="en">');
  for (const tag of ['header', 'nav', 'main', 'footer']) expect(page.split(`<${tag}`).length, tag).toBe(2);
  expect(page).toContain('<section id="two" aria-labelledby="two-title">\n<h2 id="two-title">Two</h2>\ntext');
  expect(page).toContain('<li><a href="#one">One</a></li>');
  expect(page).toContain('<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>');
});

test('a table has a caption, heads of its columns and rows, and can be scrolled by keyboard', () => {
  expect(content.text).toContain('<div class="scroll" role="region" aria-label="Fruit &amp; more" tabindex="0">');
  expect(content.text).toContain('<caption>Fruit &amp; more</caption>');
  expect(content.text).toContain('<th scope="col">Name</th><th scope="col" class="number">Count</th>');
  expect(content.text).toContain('<tr><th scope="row">&lt;apple&gt;</th><td class="number">3</td></tr>');
  expect(content.text).toContain('<tr class="total"><th scope="row">all</th>');
});

test('without a script it allows none', () => {
  const plain = pageText({ title: 'x', header: html`<h1>x</h1>`, sections: [] });
  expect(plain).not.toContain('script-src');
  expect(plain).not.toContain('<nav');
});
