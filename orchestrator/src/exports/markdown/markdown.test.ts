import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markdownCode, markdownName, markdownTable, markdownText } from './markdown.ts';

test('text from outside shows as it is, on one line', () => {
  expect(markdownText('GET /items|<b>\n*x* `y` [z](u) \u001b[31mred\u001b[0m #1 &amp; \\')).toBe(
    'GET /items\\|&lt;b&gt; \\*x\\* \\`y\\` \\[z\\](u) red \\#1 &amp;amp; \\\\',
  );
});

test('no text ends its cell or its line, or becomes markup', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'\\`*_[]#|~<>&a\n ') }));
  fc.assert(
    fc.property(text, (given) => {
      expect(markdownText(given).replaceAll(/\\[\\`*_[\]#|~]/g, '')).not.toMatch(/[\\|<>\n\r\u2028\u2029*_`[\]~]/);
      expect(markdownName(given).replaceAll('\\|', '')).not.toMatch(/[|\n\r]/);
    }),
  );
});

test('code within a line has a fence that is not in it', () => {
  expect(['a_b{c:d}', 'a`b', '`', ' ', 'a|b'].map(markdownName)).toEqual([
    '`a_b{c:d}`',
    '``a`b``',
    '`` ` ``',
    '',
    '`a\\|b`',
  ]);
});

test('a table has a rule that says where figures stand', () => {
  expect(markdownTable(['a', 'b'], [['x', '1']], [1])).toEqual(['| a | b |', '| --- | ---: |', '| x | 1 |']);
});

test('code ends where it was meant to', () => {
  expect(markdownCode('a ``` b\n```` c')).toEqual(['`````', 'a ``` b', '```` c', '`````']);
});
