import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDatagram } from './parse-datagram.ts';
import { type ReadTags, readTags, rememberTags } from './read-tags.ts';

const part = fc.constantFrom('a', 'b', 'key', ':', '=', ',', ',,', '1', 'é', '__proto__', 'x'.repeat(300));
const section = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
const line = fc
  .tuple(fc.constantFrom('time', 'time,', 'a-name-of-its-own,k=v'), section, section, fc.constantFrom('', '|@0.1'))
  .map(([name, head, tags, rate]) => `${name}${name.endsWith(',') ? head : ''}:1|ms${rate}|#${tags}`);

test('what is remembered is what would be read, whatever came before and however little is kept', () => {
  // Few sections, many times: most are known again, or were and were dropped.
  const datagrams = fc
    .array(line, { minLength: 1, maxLength: 6 })
    .chain((lines) => fc.array(fc.constantFrom(...lines), { maxLength: 40 }));
  fc.assert(
    fc.property(datagrams, fc.integer({ min: 1, max: 4 }), (lines, most) => {
      const remembered = rememberTags(most);
      for (const one of lines) expect(parse(one, remembered)).toEqual(parse(one, readTags));
    }),
    { numRuns: 500 },
  );
});

test('equal sections are one frozen object, and the two styles are kept apart', () => {
  const remembered = rememberTags();
  const { tags } = remembered('a:1,b=2', ':');
  expect(remembered('a:1,b=2', ':').tags).toBe(tags);
  expect(Object.isFrozen(tags)).toBe(true);
  expect(remembered('a:1,b=2', '=').tags).toEqual({ 'a:1': 'true', b: '2' });
});

test('no more is kept than was asked for, and no long section', () => {
  const remembered = rememberTags(2);
  const first = remembered('a:1', ':').tags;
  remembered('a:2', ':');
  expect(remembered('a:1', ':').tags).toBe(first);
  remembered('a:3', ':');
  expect(remembered('a:1', ':').tags).not.toBe(first);
  const long = `a:${'1'.repeat(600)}`;
  expect(remembered(long, ':').tags).not.toBe(remembered(long, ':').tags);
});

function parse(text: string, tagsOf: ReadTags): readonly unknown[] {
  const found: unknown[] = [];
  const sink = {
    sample: (sample: unknown) => found.push(sample),
    malformed: (_: string, problem: string) => found.push(problem),
    ignored: (ignored: string) => found.push(ignored),
  };
  parseDatagram(text, sink, tagsOf);
  return found;
}
