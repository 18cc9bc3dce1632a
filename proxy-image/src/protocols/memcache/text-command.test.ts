import { expect, test } from 'vitest';
import { EngineTrace } from '../engine-trace.test.support.ts';
import { operationsIn, traced } from '../traced.test.support.ts';
import { MemcacheCodec } from './memcache-codec.ts';

const newCodec = (): MemcacheCodec => new MemcacheCodec();

// What the server makes of odd lines was tried out on memcached 1.6.18.
test.each<[string, string, string[]]>([
  ['keys to get', 'get a\r\ngets a b\r\ngat 0 a\r\ngats 0 a b\r\n', ['get', 'gets', 'gat', 'gats']],
  ['very many keys', `get${' key'.repeat(10_000)}\r\nversion\r\n`, ['get', 'version']],
  ['a data block', 'set k 0 0 9\r\nget a\r\nb\n\r\nget a\r\n', ['set', 'get']],
  ['an empty data block', 'add k 0 0 0\r\n\r\nget a\r\n', ['add', 'get']],
  [
    'the other ways to store',
    'replace k 1 -1 1\r\na\r\nappend k 0 0 1\r\na\r\nprepend k 0 0 +1\r\na\r\n',
    ['replace', 'append', 'prepend'],
  ],
  ['a check', 'cas k 0 0 1 77\r\na\r\ncas k 0 0 1 77 noreply\r\na\r\n', ['cas', 'cas~']],
  ['noreply', 'set k 0 0 2 noreply\r\nab\r\ndelete k noreply\r\nincr k 1 noreply\r\n', ['set~', 'delete~', 'incr~']],
  [
    'noreply elsewhere',
    'touch k 0 noreply\r\nflush_all noreply\r\nverbosity 1 noreply\r\n',
    ['touch~', 'flush_all~', 'verbosity~'],
  ],
  ['a key called noreply', 'delete noreply\r\nincr noreply 1\r\nset noreply 0 0 1\r\na\r\n', ['delete', 'incr', 'set']],
  ['what is almost noreply', 'set k 0 0 2 noreplyx\r\nab\r\n', ['set']],
  ['a size that is none, and no data', 'set k 0 0 abc noreply\r\nversion\r\n', ['set~', 'version']],
  ['a negative size, and no data', 'set k 0 0 -1\r\nversion\r\n', ['set', 'version']],
  ['flags that are none, and no data', 'set k x 0 2\r\nversion\r\n', ['set', 'version']],
  ['a key that is too long, and no data', `set ${'k'.repeat(251)} 0 0 2\r\nversion\r\n`, ['set', 'version']],
  ['more words than there may be, and no data', 'set k 0 0 2 a b\r\nversion\r\n', ['set', 'version']],
  ['lines', 'stats items\r\nlru_crawler metadump all\r\nversion\n', ['stats', 'lru_crawler', 'version']],
  ['what is no command', 'GET k\r\n\r\n password\r\n', ['unknown', 'unknown', 'unknown']],
  ['the end', 'quit\r\n', ['quit~!']],
  [
    'meta commands',
    'mg k v\r\nms k 2 T0\r\nab\r\nmd k\r\nma k\r\nme k\r\nmn\r\n',
    ['mg', 'ms', 'md', 'ma', 'me', 'mn'],
  ],
  ['quiet ones', 'mg k v q\r\nms k 2 q\r\nab\r\nmd k q\r\nma k q\r\nmn q\r\n', ['mg~', 'ms~', 'md~', 'ma~', 'mn']],
  ['a quiet key', 'mg q\r\nms q 1\r\na\r\n', ['mg', 'ms']],
  ['a meta command without data', 'ms k\r\nms k S2\r\nversion\r\n', ['ms', 'ms', 'version']],
  ['a log', 'get a\r\nwatch fetchers\r\nget a\r\n', ['get', 'opaque']],
  ['TLS', '\x16\x03\x01', ['opaque']],
  ['a line that is too long', `delete ${'k'.repeat(16 * 1024)}\r\n`, ['opaque']],
])('reads %s', (_, text, expected) => {
  for (const size of [1, 2, 3, 7, text.length]) {
    expect(operationsIn(traced(newCodec, [['client', text]], [size]))).toEqual(expected);
  }
});

test('tells keys to get by their first word, and all other commands by their line', () => {
  const trace = new EngineTrace(newCodec());
  trace.client('get key');
  expect(trace.events).toEqual(['client head 4 get']);
  trace.client('\r\nset k 0 0 3\r\na').client('bc\r\n');
  expect(trace.events.slice(1)).toEqual(['client complete 9', 'client head 22 set', 'client complete 27']);
});
