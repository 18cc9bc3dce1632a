import fc from 'fast-check';
import { expect, test } from 'vitest';
import { traced } from '../traced.test.support.ts';
import { RedisCodec } from './redis-codec.ts';

const newCodec = (): RedisCodec => new RedisCodec();

/** Bytes that lead deeper into the protocol than random ones do. */
const token = fc.constantFrom(
  ...[
    '*',
    '$',
    '>',
    '%',
    '~',
    '|',
    '+',
    '-',
    ':',
    '_',
    '.',
    ';',
    '!',
    '=',
    '?',
    '0',
    '1',
    '2',
    '3',
    '-1',
    '\r\n',
    '\n',
  ],
  ...[
    '*1\r\n$4\r\nPING\r\n',
    '*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\na\r\n',
    'MULTI\r\n',
    'EXEC\r\n',
    '"',
    "'",
    ' ',
    '\0',
    'x',
  ],
  ...[
    '>3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n',
    '*3\r\n$7\r\nmessage\r\n',
    '+OK\r\n',
    '$1\r\na\r\n',
    '*?\r\n',
    '.\r\n',
  ],
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
  fc.array(token, { maxLength: 60 }).map((tokens) => Buffer.from(tokens.join(''))),
);
const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });

test('any bytes are read without an exception, always forward', () => {
  fc.assert(
    fc.property(bytes, bytes, sizes, (client, backend, cuts) => {
      // It throws where the codec stands still.
      traced(
        newCodec,
        [
          ['client', client],
          ['backend', backend],
        ],
        cuts,
      );
    }),
    { numRuns: 3000 },
  );
});

const word = fc.string({ maxLength: 12 });
const command = fc
  .tuple(
    fc.constantFrom('GET', 'set', 'MULTI', 'EXEC', 'CONFIG', 'SUBSCRIBE', 'HELLO', 'x y'),
    fc.array(word, { maxLength: 3 }),
  )
  .map(([name, rest]) => {
    const words = [name, ...rest];
    return `*${words.length}\r\n${words.map((each) => `$${Buffer.byteLength(each)}\r\n${each}\r\n`).join('')}`;
  });
const commands = fc
  .array(fc.oneof(command, fc.constantFrom('PING\r\n', 'get "a b"\n', '\r\n', '*0\r\n')), {
    minLength: 1,
    maxLength: 8,
  })
  .map((all) => Buffer.from(all.join('')));

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      '+OK\r\n',
      '-ERR x\r\n',
      ':12\r\n',
      '$-1\r\n',
      '*-1\r\n',
      '_\r\n',
      '#f\r\n',
      '$?\r\n;2\r\nab\r\n;0\r\n',
    ),
    word.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`),
    fc.array(tie('value'), { maxLength: 3 }).map((all) => `*${all.length}\r\n${all.join('')}`),
    fc.array(tie('value'), { maxLength: 3 }).map((all) => `>${all.length}\r\n${all.join('')}`),
    fc.array(tie('value'), { maxLength: 3 }).map((all) => `*?\r\n${all.join('')}.\r\n`),
    fc.tuple(tie('value'), tie('value')).map(([key, its]) => `%1\r\n${key}${its}`),
    fc.tuple(tie('value'), tie('value')).map(([key, its]) => `|1\r\n${key}${key}${its}`),
  ),
}));
const replies = fc.array(value, { maxLength: 8 }).map((all) => Buffer.from(all.join('')));

test('however a stream is cut, the same is told of it', () => {
  fc.assert(
    fc.property(commands, replies, sizes, (client, backend, cuts) => {
      const [whole, cut] = [[10_000], cuts].map(
        (some) =>
          traced(
            newCodec,
            [
              ['client', client],
              ['backend', backend],
            ],
            some,
          ).events,
      );
      expect(cut).toEqual(whole);
    }),
    { numRuns: 2000 },
  );
});
