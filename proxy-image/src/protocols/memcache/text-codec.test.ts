import { expect, test } from 'vitest';
import type { Request } from '../exchange/codec.ts';
import { answersIn, type Turn, traced } from '../traced.test.support.ts';
import { MemcacheCodec } from './memcache-codec.ts';
import { TextCodec } from './text-codec.ts';

test.each<[string, string, string, string[]]>([
  ['lines', 'set k 0 0 1\r\na\r\nincr n 1\r\n', 'STORED\r\n17\r\n', ['set STORED\r\n', 'incr 17\r\n']],
  [
    'values, whatever is in them',
    'get a b\r\ngets a\r\n',
    'VALUE a 0 5\r\nEND\r\n\r\nVALUE b 0 0\r\n\r\nEND\r\nVALUE a 0 1 77\r\na\r\nEND\r\n',
    ['get VALUE a 0 5\r\nEND\r\n\r\nVALUE b 0 0\r\n\r\nEND\r\n', 'gets VALUE a 0 1 77\r\na\r\nEND\r\n'],
  ],
  [
    'misses and errors',
    'get a\r\nget b\r\ngat x a\r\nset k 0 0 x\r\n',
    'END\r\nSERVER_ERROR out of memory\r\nERROR\r\nCLIENT_ERROR x\r\n',
    ['get END\r\n', 'get SERVER_ERROR out of memory\r\n', 'gat ERROR\r\n', 'set CLIENT_ERROR x\r\n'],
  ],
  [
    'an error after a value',
    'get a b\r\nversion\r\n',
    'VALUE a 0 1\r\na\r\nSERVER_ERROR out of memory writing get response\r\nVERSION 1\r\n',
    ['get VALUE a 0 1\r\na\r\nSERVER_ERROR out of memory writing get response\r\n', 'version VERSION 1\r\n'],
  ],
  [
    'statistics',
    'stats\r\nstats reset\r\nstats detail dump\r\nstats cachedump 1 1\r\n',
    'STAT pid 1\r\nSTAT uptime 2\r\nEND\r\nRESET\r\nPREFIX a get 1\r\nEND\r\nITEM e [1 b; 0 s]\r\nEND\r\n',
    [
      'stats STAT pid 1\r\nSTAT uptime 2\r\nEND\r\n',
      'stats RESET\r\n',
      'stats PREFIX a get 1\r\nEND\r\n',
      'stats ITEM e [1 b; 0 s]\r\nEND\r\n',
    ],
  ],
  [
    'dumps of the crawler',
    'lru_crawler metadump all\r\nlru_crawler mgdump all\r\nlru_crawler enable\r\n',
    'key=a exp=-1 la=0\r\nkey=b exp=-1\r\nEND\r\nmg a\r\nmg b\r\nEN\r\nOK\r\n',
    [
      'lru_crawler key=a exp=-1 la=0\r\nkey=b exp=-1\r\nEND\r\n',
      'lru_crawler mg a\r\nmg b\r\nEN\r\n',
      'lru_crawler OK\r\n',
    ],
  ],
  ['nothing to noreply', 'set k 0 0 1 noreply\r\na\r\nget k\r\n', 'END\r\n', ['get END\r\n']],
  ['what nobody asked for', '', 'ERROR Too many open connections\r\n', ['unasked ERROR Too many open connections\r\n']],
  [
    'meta commands',
    'mg a v\r\nmg b v\r\nms k 1\r\nx\r\nma n v\r\nme k\r\nmn\r\n',
    'VA 4 s4\r\nEN\r\n\r\nEN\r\nNS\r\nVA 1\r\n5\r\nME k exp=-1\r\nMN\r\n',
    ['mg VA 4 s4\r\nEN\r\n\r\n', 'mg EN\r\n', 'ms NS\r\n', 'ma VA 1\r\n5\r\n', 'me ME k exp=-1\r\n', 'mn MN\r\n'],
  ],
  [
    'answers to quiet commands, which belong to that of the next',
    'mg a v q\r\nmg b v q\r\nms c 1 q\r\nx\r\nmn\r\nget a\r\n',
    'VA 4\r\nMN\r\n\r\nCLIENT_ERROR x\r\nNS\r\nMN\r\nEND\r\n',
    ['mn VA 4\r\nMN\r\n\r\nCLIENT_ERROR x\r\nNS\r\nMN\r\n', 'get END\r\n'],
  ],
  ['answers to quiet commands alone', 'mg a v q\r\n', 'VA 1\r\na\r\n', ['unasked VA 1\r\na\r\n']],
  [
    'commands of other kinds after quiet ones',
    'ms c 1 q\r\nx\r\nmg a v\r\nmd c q\r\nset k 0 0 1\r\na\r\n',
    'NS\r\nVA 1\r\nx\r\nNF\r\nSTORED\r\n',
    ['mg NS\r\nVA 1\r\nx\r\n', 'set NF\r\nSTORED\r\n'],
  ],
  [
    'commands after quiet ones of their kind, told apart by what they repeat',
    'mg a v q O1\r\nmg b v O2\r\nmg a v k q\r\nmg b v k\r\n',
    'VA 1 O1\r\na\r\nVA 1 O2\r\nb\r\nVA 1 kb\r\nb\r\n',
    ['mg VA 1 O1\r\na\r\nVA 1 O2\r\nb\r\n', 'mg VA 1 kb\r\nb\r\n'],
  ],
  ['commands after quiet ones that cannot be told apart', 'mg a v q\r\nmg b v\r\n', 'VA 1\r\na\r\n', ['opaque']],
  ['an error that cannot be told apart', 'mg a v q\r\nmg b v O2\r\n', 'SERVER_ERROR x\r\n', ['opaque']],
  ['values that nobody wants', 'set k 0 0 1\r\na\r\n', 'VALUE a 0 1\r\na\r\n', ['opaque']],
  ['lines in place of values', 'get k\r\n', 'STORED\r\n', ['opaque']],
  ['values of no size', 'get k\r\n', 'VALUE a 0 x\r\n', ['opaque']],
])('tells to whom the server speaks: %s', (_, client, backend, expected) => {
  const turns: readonly Turn[] = [
    ['client', client],
    ['backend', backend],
  ];
  for (const size of [1, 2, 3, 7, 10_000]) {
    expect(
      answersIn(
        traced(() => new MemcacheCodec(), turns, [size]),
        turns,
      ),
    ).toEqual(expected);
  }
});

test('a line that nobody asked for does not become an answer when somebody asks', () => {
  const turns: readonly Turn[] = [
    ['client', 'mg a v q\r\n'],
    ['backend', 'VA 2\r'],
    ['client', 'get b\r\n'],
    ['backend', '\nEN\r\n', 'END\r\n'],
  ];
  const trace = traced(() => new MemcacheCodec(), turns, [10_000]);
  expect(answersIn(trace, turns)).toEqual(['unasked VA 2\r', 'unasked \nEN\r\n', 'get END\r\n']);
});

function lastRequest(codec: TextCodec, lines: string): Request {
  const chunk = Buffer.from(lines);
  let last: Request | undefined;
  for (let at = 0; at < chunk.length; ) {
    const step = codec.readClient(chunk, at);
    if (step.kind === 'head') last = step.request;
    if (!('end' in step)) throw new Error(step.kind);
    at = step.end;
  }
  if (!last) throw new Error('no request');
  return last;
}

const ERROR = { id: 'n1-7', code: undefined, message: undefined, draw: 0, atMs: 0 };

test.each([
  ['get a\r\n', 'SERVER_ERROR injected by vaurien n1-7\r\n', false],
  ['ms k 1\r\na\r\n', 'SERVER_ERROR injected by vaurien n1-7\r\n', false],
  ['set k 0 0 1 noreply\r\na\r\nget a\r\n', 'SERVER_ERROR injected by vaurien n1-7\r\n', false],
  // Hits of the batch must not follow it.
  ['mg a v q\r\nmn\r\n', 'SERVER_ERROR injected by vaurien n1-7\r\n', true],
  ['mg a v q\r\nmn\r\nmn\r\n', 'SERVER_ERROR injected by vaurien n1-7\r\n', false],
])('the last of %j gets an error', (lines, expected, close) => {
  const codec = new TextCodec();
  const answer = codec.errorFor(lastRequest(codec, lines), ERROR);
  expect([answer?.bytes.toString(), answer?.close]).toEqual([expected, close]);
});

test('nothing is told where no answer is read', () => {
  const codec = new TextCodec();
  expect(codec.errorFor(lastRequest(codec, 'set k 0 0 1 noreply\r\na\r\n'), ERROR)).toBe(undefined);
  expect(codec.errorFor(lastRequest(codec, 'mg a v q\r\n'), ERROR)).toBe(undefined);
});
