import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageReader, type ScenarioMessage } from './messages.ts';

const message: fc.Arbitrary<ScenarioMessage> = fc.oneof(
  fc.record({ type: fc.constant('ready' as const), setup: fc.jsonValue() }),
  fc.record({ type: fc.constant('started' as const), atMs: fc.nat() }),
  fc.record({
    type: fc.constant('failed' as const),
    error: fc.record({ code: fc.string(), message: fc.string({ unit: 'binary' }) }),
  }),
);

function readAll(chunks: readonly string[]): { messages: readonly unknown[]; malformed: number } {
  const messages: unknown[] = [];
  let malformed = 0;
  const read = messageReader(
    (one) => messages.push(one),
    () => malformed++,
  );
  for (const chunk of chunks) read(chunk);
  return { messages, malformed };
}

test('any split of the stream gives the same messages', () => {
  fc.assert(
    fc.property(fc.array(message), fc.array(fc.nat()), (sent, cuts) => {
      const stream = sent.map((one) => `${JSON.stringify(one)}\n`).join('');
      const places = [0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length].sort((a, b) => a - b);
      const chunks = places.slice(1).map((place, i) => stream.slice(places[i], place));
      expect(readAll(chunks)).toEqual({ messages: JSON.parse(JSON.stringify(sent)), malformed: 0 });
    }),
  );
});

test('a message is given as soon as its line is complete, and not before', () => {
  const got: unknown[] = [];
  const read = messageReader(
    (one) => got.push(one),
    () => undefined,
  );
  read('{"type":"rea');
  read('dy"}');
  expect(got).toEqual([]);
  read('\n\n{"type":');
  expect(got).toEqual([{ type: 'ready' }]);
});

test.each(['GET / HTTP/1.1', '{"type":"ready"', '5', 'null', '[]', '"ready"', '{}', '{"type":1}'])(
  'the line %j is no message: told once, and nothing is read after it',
  (line) => {
    const good = '{"type":"ready"}';
    expect(readAll([`${good}\n${line}\n${good}\n`, `${line}\n${good}\n`])).toEqual({
      messages: [{ type: 'ready' }],
      malformed: 1,
    });
  },
);
