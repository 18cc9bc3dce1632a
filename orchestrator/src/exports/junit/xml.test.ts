import fc from 'fast-check';
import { expect, test } from 'vitest';
import { xmlDocument, xmlText } from './xml.ts';

/** `Char` of XML 1.0, section 2.2. */
const ALLOWED = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const DOCUMENT = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<a b="([^"<]*)">([^<]*)<\/a>\n$/u;

test('an element has attributes, text or elements', () => {
  const inner = { name: 'b', attributes: { n: 1, left: undefined }, content: ['x < y'] };
  expect(xmlDocument({ name: 'a', attributes: { t: 'say "no"' }, content: [inner, { name: 'c' }] })).toBe(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<a t="say &quot;no&quot;">',
      '  <b n="1">x &lt; y</b>',
      '  <c/>',
      '</a>',
      '',
    ].join('\n'),
  );
});

test.each([
  ['\u0000\u001b[31mred\u001b[0m\u0008', '[31mred[0m'],
  ['half \ud83d of a pair', 'half  of a pair'],
  ['\ud83d\ude00 \ufffe\uffff', '\ud83d\ude00 '],
  ['a\r\nb\tc', 'a&#13;\nb\tc'],
  [']]>&amp;', ']]&gt;&amp;amp;'],
])('%j becomes %j', (text, xml) => {
  expect(xmlText(text)).toBe(xml);
});

test('whatever the text, the document has nothing but allowed characters, and gives the allowed part of the text back', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.nat(0xffff).map((n) => String.fromCharCode(n)) }),
  );
  fc.assert(
    fc.property(text, (given) => {
      const document = xmlDocument({ name: 'a', attributes: { b: given }, content: [given] });
      expect(document).toMatch(ALLOWED);
      const [, attribute = '', content = ''] = DOCUMENT.exec(document) ?? [];
      const kept = [...given].filter((one) => ALLOWED.test(one) && !/^\p{Surrogate}$/u.test(one)).join('');
      expect([read(attribute), read(content)]).toEqual([kept, kept]);
      // A reader would make other characters of these: XML 1.0, sections 2.11 and 3.3.3.
      expect(attribute).not.toMatch(/[\r\n\t]/);
      expect(content).not.toContain('\r');
    }),
  );
});

/** What a reader makes of references. */
function read(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name = '') =>
    code === undefined ? (named[name] ?? '') : String.fromCharCode(Number(code)),
  );
}
