import vm from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commentText, propertyKey, stringLiteral, templatePart } from './literal.ts';

/** Texts that would like to be code. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      "'",
      '"',
      '`',
      '\\',
      '$',
      '{',
      '}',
      '\n',
      '\r',
      '\u2028',
      '\u2029',
      '\0',
      '\ud800',
      '*/',
      '//',
      '1',
      'u',
    ),
  }),
);

test('a literal holds exactly its text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const literal = stringLiteral(text);
      expect(vm.runInThisContext(literal)).toBe(text);
      expect(literal).not.toMatch(/[\n\r\u2028\u2029]/);
    }),
    { numRuns: 1000 },
  );
});

test('a part of a template is its text', () => {
  fc.assert(
    fc.property(anyText, anyText, (before, after) => {
      const code = `\`${templatePart(before)}\${'x'}${templatePart(after)}\``;
      expect(vm.runInThisContext(code)).toBe(`${before}x${after}`);
    }),
    { numRuns: 1000 },
  );
});

test('a key is a key of the object itself, whatever it is called', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.constantFrom('__proto__', 'constructor', 'a-b', '1', 'ok')), (key) => {
      const object = vm.runInThisContext(`({ ${propertyKey(key)}: 5 })`) as object;
      expect(Object.entries(object)).toEqual([[key, 5]]);
    }),
  );
});

test('a comment ends where it ends', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(vm.runInThisContext(`// ${commentText(text)}\n5`)).toBe(5);
    }),
  );
});

test('what is plain stays plain', () => {
  expect([
    stringLiteral("it's"),
    stringLiteral('"'),
    stringLiteral('a\n\u202eb'),
    propertyKey('a-b'),
    propertyKey('ab'),
  ]).toEqual([...['"it\'s"', "'\"'", "'a\\n\\u202eb'", "'a-b'", 'ab']]);
});
