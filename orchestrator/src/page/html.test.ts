import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dataBlock, html, trusted } from './html.ts';

test('values are escaped, pieces are not, lists follow each other, and what is absent is nothing', () => {
  const piece = html`<b>${'<&>"'}</b>`;
  expect(html`<p title="${`'"`}">${piece}${[1, ' & ', piece]}${undefined}${false}</p>`.text).toBe(
    '<p title="&#39;&quot;"><b>&lt;&amp;&gt;&quot;</b>1 &amp; <b>&lt;&amp;&gt;&quot;</b></p>',
  );
  expect(trusted('<i>').text).toBe('<i>');
});

test('control characters are shown as what they are: none of a page', () => {
  expect(html`${'a\u001b[31mb\u0000\n\tc'}`.text).toBe('a\ufffd[31mb\ufffd\n\tc');
});

test('no text leaves its place', () => {
  const nasty = fc
    .array(fc.constantFrom('<', '>', '"', "'", '&', '</script>', '<!--', 'a', '\u0000', 'ü'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(nasty, (text) => {
      expect(html`${text}`.text).not.toMatch(/[<>"']/);
    }),
  );
});

test('data is read back as it was, and nothing in it ends its block', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('</script>', '<!--<script>', ''), (value, text) => {
      const block = dataBlock('data', { value, text }).text;
      const [, content = ''] = /^<script type="application\/json" id="data">([^<]*)<\/script>$/.exec(block) ?? [];
      expect(JSON.parse(content)).toEqual(JSON.parse(JSON.stringify({ value, text })));
    }),
  );
});
