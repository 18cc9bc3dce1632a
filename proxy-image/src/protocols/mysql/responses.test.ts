import { expect, test } from 'vitest';
import { afterLogin, events, exchange, LOGIN, PLAIN } from './drive.test.support.ts';
import {
  bytes,
  CURSOR_EXISTS,
  client,
  DEPRECATE_EOF,
  definition,
  EVERYTHING,
  eof,
  err,
  greeting,
  login,
  type Message,
  MORE_RESULTS,
  OPTIONAL_METADATA,
  ok,
  server,
} from './packets.test.support.ts';
import { packet } from './packets.ts';

test.each<[string, number, Message[]]>([
  ['EOF packets', PLAIN, [server(1, 1), definition(2), eof(3), server(4, 1, '1'), server(5, 0xfb), eof(6)]],
  ['no rows', PLAIN, [server(1, 1), definition(2), eof(3), eof(4)]],
  ['an empty string that looks like OK', PLAIN, [server(1, 1), definition(2), eof(3), server(4, 0), eof(5)]],
  ['an error among the rows', PLAIN, [server(1, 1), definition(2), eof(3), server(4, 1, '1'), err(5)]],
  ['no EOF packets', PLAIN | DEPRECATE_EOF, [server(1, 1), definition(2), server(3, 1, '1'), ok(4, 2, 0xfe)]],
  ['two columns', PLAIN | DEPRECATE_EOF, [server(1, 2), definition(2), definition(3), ok(4, 2, 0xfe)]],
  ['metadata', PLAIN | OPTIONAL_METADATA, [server(1, 1, 1), definition(2), eof(3), server(4, 1, '1'), eof(5)]],
  ['no metadata', PLAIN | OPTIONAL_METADATA, [server(1, 1, 0), eof(2), server(3, 1, '1'), eof(4)]],
  [
    'no metadata and no EOF',
    PLAIN | OPTIONAL_METADATA | DEPRECATE_EOF,
    [server(1, 1, 0), server(2, 1, '1'), ok(3, 2, 0xfe)],
  ],
  [
    'several results',
    PLAIN,
    [server(1, 1), definition(2), eof(3), server(4, 1, '1'), eof(5, MORE_RESULTS), ok(6, MORE_RESULTS), ok(7)],
  ],
  [
    'several results without EOF',
    PLAIN | DEPRECATE_EOF,
    [ok(1, MORE_RESULTS), server(2, 1), definition(3), ok(4, MORE_RESULTS, 0xfe), err(5)],
  ],
  [
    'reports of progress',
    PLAIN,
    [server(1, 0xff, 0xff, 0xff, 1, 1, 2, 0, 0, 0, 5, 'stage'), server(2, 1), definition(3), eof(4), eof(5)],
  ],
  ['a row of 251 columns’ count', PLAIN, [server(1, 0xfc, 1, 0), definition(2), eof(3), eof(4)]],
])('a result with %s', (_name, flags, answer) => {
  expect(exchange([client(0, 3, 'SELECT 1'), ...answer], flags)).toBe('SELECT');
});

test('MariaDB leaves metadata out when both sides can', () => {
  const cached = 0x10;
  const messages = [
    greeting(EVERYTHING & ~1, cached),
    login(PLAIN, cached),
    ok(2),
    client(0, 3, 'SELECT 1'),
    server(1, 1, 0),
    eof(2),
    server(3, 1, '1'),
    eof(4),
  ];
  expect(events(messages)).toEqual([...LOGIN, 'head SELECT', 'complete SELECT', 'answered SELECT']);
  expect(events([greeting(EVERYTHING & ~1, 0), ...messages.slice(1)]).at(-1)).toBe('opaque');
});

test('rows of 16 MiB and more are no ends, though they begin with 0xFE', () => {
  const row = bytes(0xfe, Buffer.from('0000000100000000', 'hex'), Buffer.alloc(0xffffff - 9));
  for (const flags of [PLAIN, PLAIN | DEPRECATE_EOF]) {
    const metadata = flags === PLAIN ? [definition(2), eof(3)] : [definition(2)];
    const end = flags === PLAIN ? eof(6) : ok(6, 2, 0xfe);
    const rows: Message[] = [['server', packet(4, row)], server(5, 'rest')];
    expect(exchange([client(0, 3, 'SELECT 1'), server(1, 1), ...metadata, ...rows, end], flags)).toBe('SELECT');
    // A message of exactly one full packet ends with an empty one.
    const whole: Message[] = [['server', packet(4, row)], server(5)];
    expect(exchange([client(0, 3, 'SELECT 1'), server(1, 1), ...metadata, ...whole, end], flags)).toBe('SELECT');
  }
});

test.each<[string, number, Message[]]>([
  ['nothing', PLAIN, [server(1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)]],
  ['a parameter', PLAIN, [server(1, 0, 5, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0), definition(2), eof(3)]],
  ['columns', PLAIN, [server(1, 0, 5, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0), definition(2), definition(3), eof(4)]],
  ['both', PLAIN, [server(1, 0, 5, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0), definition(2), eof(3), definition(4), eof(5)]],
  [
    'both without EOF',
    PLAIN | DEPRECATE_EOF,
    [server(1, 0, 5, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0), definition(2), definition(3)],
  ],
  ['no metadata', PLAIN | OPTIONAL_METADATA, [server(1, 0, 5, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0), eof(2), eof(3)]],
  ['an error', PLAIN, [err(1)]],
])('a PREPARE of a statement with %s', (_name, flags, answer) => {
  expect(exchange([client(0, 0x16, '/* who */ update t set a = ?'), ...answer], flags)).toBe('UPDATE');
});

test('rows of a cursor come when they are fetched', () => {
  const open: Message[] = [server(1, 1), definition(2), eof(3, CURSOR_EXISTS)];
  expect(exchange([client(0, 0x17, 1, 0, 0, 0, 1, 1, 0, 0, 0), ...open])).toBe('COM_STMT_EXECUTE');
  const openWithoutEof: Message[] = [server(1, 1), definition(2), ok(3, CURSOR_EXISTS, 0xfe)];
  expect(exchange([client(0, 0x17, 1, 0, 0, 0, 1, 1, 0, 0, 0), ...openWithoutEof], PLAIN | DEPRECATE_EOF)).toBe(
    'COM_STMT_EXECUTE',
  );
});

test('a local file is what the server asks for, and its answer comes after it', () => {
  const load = [client(0, 3, "LOAD DATA LOCAL INFILE 'a.csv' INTO TABLE t"), server(1, 0xfb, 'a.csv')];
  const ping = [client(0, 0x0e), ok(1)];
  const found = afterLogin([...load, client(2, '1,2\n'), client(3, '3,4\n'), client(4), ok(5), ...ping]);
  expect(found).toEqual([
    ...['head LOAD', 'complete LOAD', 'unasked', 'continued', 'answered LOAD'],
    ...['head COM_PING', 'complete COM_PING', 'answered COM_PING'],
  ]);
  const nothing = afterLogin([...load, client(2), err(3), ...ping]);
  expect(nothing.slice(2, 6)).toEqual(['unasked', 'continued', 'answered LOAD', 'head COM_PING']);
});
