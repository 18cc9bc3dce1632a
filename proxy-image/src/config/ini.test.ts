import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIni } from './ini.ts';

test('reads sections, values of every type, comments and lists', () => {
  const { ini, problems } = parseIni(
    [
      '# a comment',
      '[vaurien]',
      'backend = "localhost:80"',
      'proxy: 0.0.0.0:8000',
      'timeout = 30',
      'rate = 0.5',
      'stay_connected = True',
      'plugins =',
      '  ./one.ts',
      '  ./two.ts',
      '; another',
      '[behavior:delay]',
      'sleep = ${SLEEP:-2}',
    ].join('\n'),
    {},
  );
  expect(problems).toEqual([]);
  expect(ini).toEqual({
    vaurien: {
      backend: 'localhost:80',
      proxy: '0.0.0.0:8000',
      timeout: 30,
      rate: 0.5,
      stay_connected: true,
      plugins: ['./one.ts', './two.ts'],
    },
    'behavior:delay': { sleep: 2 },
  });
});

test('environment variables are put in, and a missing one is told with its line', () => {
  const text = '[statsd]\nhost = ${HOST}\nprefix = ${NOWHERE}';
  const { ini, problems } = parseIni(text, { HOST: 'metrics' });
  expect(ini.statsd).toMatchObject({ host: 'metrics' });
  expect(problems).toEqual([
    { path: ['statsd', 'prefix'], message: 'the environment variable NOWHERE is not set', line: 3 },
  ]);
});

test.each([
  ['backend = x', 1, 'stands before any [section]'],
  ['[vaurien]\njust words', 2, 'expected `key = value`'],
])('%j is told with line %d', (text, line, message) => {
  const { problems } = parseIni(text, {});
  expect(problems).toHaveLength(1);
  expect(problems[0]?.line).toBe(line);
  expect(problems[0]?.message).toContain(message);
});

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseIni(text, {})));
});
