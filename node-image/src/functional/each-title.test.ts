import { expect, test } from 'vitest';
import { casesOf, eachTitle } from './each-title.ts';

test.each<[string, readonly unknown[], string]>([
  ['add %i + %i', [1, 2, 3], 'add 1 + 2'],
  ['%s is %j', ['a', { b: 1 }], 'a is {"b":1}'],
  ['case %# of %$', ['a'], 'case 4 of 5'],
  ['100%% of %s', ['it'], '100% of it'],
  ['$name has $a.b and $none', [{ name: 'x', a: { b: 2 } }], 'x has 2 and $none'],
  ['plain', [1, 2], 'plain'],
])('%s with %j', (template, values, title) => {
  expect(eachTitle(template, values, 4)).toBe(title);
});

function tagged(strings: TemplateStringsArray, ...values: readonly unknown[]): readonly unknown[] {
  return casesOf(strings, values);
}

test('a table in a template has a case for each row', () => {
  expect(tagged`
    a    | b
    ${1} | ${'x'}
    ${2} | ${'y'}
  `).toEqual([
    { a: 1, b: 'x' },
    { a: 2, b: 'y' },
  ]);
  expect(casesOf([1, 2], [])).toEqual([1, 2]);
});
