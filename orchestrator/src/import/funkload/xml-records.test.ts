import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteattr } from './bench.test.fixture.ts';
import { type XmlRecord, XmlRecords } from './xml-records.ts';

type Read = { readonly records: readonly XmlRecord[]; readonly damaged: number; readonly closed: boolean };

const RECORDS: ReadonlySet<string> = new Set(['response', 'testResult', 'config']);

/** Reads a text that comes in pieces. */
function read(...chunks: readonly string[]): Read {
  const records: XmlRecord[] = [];
  const reader = new XmlRecords({ root: 'funkload', records: RECORDS, onRecord: (record) => records.push(record) });
  for (const chunk of chunks) reader.write(chunk);
  reader.end();
  const { damaged, closed } = reader;
  return { records, damaged, closed };
}

const name = fc.constantFrom('response', 'testResult', 'config');
const value = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll(/\p{Cc}/gu, '\n'));
const attributes = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), value), {
  selector: ([key]) => key,
  maxLength: 5,
});
const text = fc.option(
  value.filter((one) => !one.includes(']]>')),
  { nil: undefined },
);
const record = fc.record({ name, attributes, text });
type Written = { readonly name: string; readonly attributes: [string, string][]; readonly text: string | undefined };

function written({ name: tag, attributes: list, text: content }: Written): string {
  const start = `<${tag}${list.map(([key, one]) => ` ${key}=${quoteattr(one)}`).join('')}`;
  return content === undefined ? `${start} />\n` : `${start}>\n<body><![CDATA[${content}]]>\n</body>\n</${tag}>\n`;
}

const expected = ({ name: tag, attributes: list, text: content }: Written): unknown => [tag, list, content];
const seen = ({ name: tag, attributes: list, text: content }: XmlRecord): unknown => [tag, [...list], content];
const root = '<?xml version="1.0"?>\n<!-- <a> --><funkload version="1">\n';

test('what was written is read, however it is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), fc.array(fc.nat({ max: 400 }), { maxLength: 6 }), (all, cuts) => {
      const file = `${root}${all.map(written).join('')}</funkload>\n`;
      const places = [0, ...cuts.filter((cut) => cut < file.length).sort((a, b) => a - b), file.length];
      const chunks = places.slice(1).map((to, i) => file.slice(places[i], to));
      const { records, damaged, closed } = read(...chunks);
      expect(records.slice(1).map(seen)).toEqual(all.map(expected));
      expect({ damaged, closed }).toEqual({ damaged: 0, closed: true });
    }),
  );
});

test('of a file that ends anywhere, what is whole before is read, and it is not closed', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 6 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (all, part) => {
      const file = `${root}${all.map(written).join('')}</funkload>`;
      const cut = Math.floor(file.length * part);
      const { records, damaged, closed } = read(file.slice(0, cut));
      const ends = all.map(
        (_, i) =>
          root.length +
          all
            .slice(0, i + 1)
            .map(written)
            .join('')
            .trimEnd().length,
      );
      const whole = all.filter((_, i) => (ends[i] ?? 0) <= cut);
      expect(records.slice(1).map(seen)).toEqual(whole.map(expected));
      expect({ damaged, closed }).toEqual({ damaged: 0, closed: false });
    }),
  );
});

test('a hole in one record costs that one alone', () => {
  const plain = fc.record({ name, attributes, text: fc.constant(undefined) });
  fc.assert(
    fc.property(fc.array(plain, { minLength: 3, maxLength: 6 }), fc.nat(), fc.nat(), (all, at, long) => {
      const parts = all.map(written);
      const index = 1 + (at % (all.length - 2));
      const part = parts[index] ?? '';
      // Its first character and its last two, `/>`, are in the hole or not.
      const from = at % (part.length - 1);
      const hole = part.slice(0, from) + part.slice(from + 1 + (long % (part.length - 1 - from)));
      const others = all.toSpliced(index, 1).map(expected);
      const file = `${root}${parts.with(index, `${hole}\n`).join('')}</funkload>`;
      const { records } = read(file);
      const found = records.slice(1).map(seen);
      for (const one of others) expect(found).toContainEqual(one);
      expect(found.length).toBeLessThanOrEqual(all.length);
    }),
  );
});

test.each<[string, string, number, number]>([
  ['a tag without its end', '<config key="a"\n<config key="b" value="c"/>', 1, 1],
  ['a value without its end', '<config key="a\n<config key="b" value="c"/>', 1, 1],
  ['a value without quotes', '<config key=a /><config key="b" value="c"/>', 1, 1],
  ['an attribute that is there twice', '<config key="a" key="b"/>', 0, 1],
  ['an entity that there is not', '<config key="&what;"/>', 0, 1],
  ['an entity without its end', '<config key="&lt"/>', 0, 1],
  ['a character that there is not', '<config key="&#x110000;"/>', 0, 1],
  ['text between records', 'oops <config key="b"/>', 1, 1],
  ['an end without a begin', '</config><config key="b"/>', 1, 1],
  ['a record without its end', '<response a="1">\n<headers>\n<response a="2"/>', 1, 1],
  ['a page that has the end of a text in it', '<response a="1"><body><![CDATA[a]]>b]]></body></response>', 1, 1],
  ['a text between records', '<![CDATA[a]]><config key="b"/>', 1, 1],
])('%s is damage, and the rest is read', (_, middle, records, damaged) => {
  const found = read(`<funkload>${middle}</funkload>`);
  expect([found.records.length - 1, found.damaged, found.closed]).toEqual([records, damaged, true]);
});

test('a long text is cut, and what has no end does not stay in memory', () => {
  const { records } = read(
    '<funkload><response><body><![CDATA[',
    'x'.repeat(3000),
    'y'.repeat(3000),
    ']]></body></response>',
  );
  expect(records[1]?.text).toBe('x'.repeat(3000) + 'y'.repeat(1096));
  expect(read(`<${'x'.repeat(2 << 20)}`)).toMatchObject({ records: [], damaged: 1 });
});
