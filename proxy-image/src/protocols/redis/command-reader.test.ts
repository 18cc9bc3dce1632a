import { expect, test } from 'vitest';
import { EngineTrace } from '../engine-trace.test.support.ts';
import { operationsIn, traced } from '../traced.test.support.ts';
import { RedisCodec } from './redis-codec.ts';

const newCodec = (): RedisCodec => new RedisCodec();

/** One command as clients send it. */
function command(...words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

test.each<[string, string, string[]]>([
  ['an array', command('PING'), ['PING']],
  ['lower case', command('get', 'k'), ['GET']],
  ['empty and binary arguments', command('SET', '', '\r\n*1\r\n$4\r\nPING\r\n'), ['SET']],
  ['a pipeline', command('GET', 'a') + command('DEL', 'a'), ['GET', 'DEL']],
  ['a module', command('FT.SEARCH', 'index', '*'), ['FT.SEARCH']],
  ['a subcommand', command('config', 'set', 'maxmemory', '1'), ['CONFIG SET']],
  ['a container alone', command('COMMAND'), ['COMMAND']],
  ['a subcommand that is none', command('OBJECT', 'secret:1'), ['OBJECT']],
  ['an unknown name that could be data', command('pass word'), ['UNKNOWN']],
  ['a name that is too long', command('A'.repeat(65), 'x'), ['UNKNOWN']],
  [
    'set-up',
    command('HELLO', '3') + command('AUTH', 'u', 'p') + command('SELECT', '1'),
    ['HELLO!', 'AUTH!', 'SELECT!'],
  ],
  ['a name of the client', command('CLIENT', 'SETINFO', 'LIB-NAME', 'x'), ['CLIENT SETINFO!']],
  ['the application may kill clients', command('CLIENT', 'KILL', 'ID', '1'), ['CLIENT KILL']],
  ['nothing', '*0\r\n*-1\r\n\r\n', ['EMPTY~!', 'EMPTY~!', 'EMPTY~!']],
  ['inline', 'PING\r\nset k "a b"\n', ['PING', 'SET']],
  ['inline after spaces', '  get k  \r\n', ['GET']],
  ['inline, quoted', '"config" \'get\' x\r\n', ['CONFIG GET']],
  ['inline with an open quote', 'SET k "a\r\nPING\r\n', ['UNKNOWN', 'PING']],
  ['a stream of commands', command('GET', 'a') + command('MONITOR') + command('GET', 'b'), ['GET', 'opaque']],
  ['replication', command('REPLCONF', 'ack', '1') + command('PSYNC', '?', '-1'), ['REPLCONF!', 'opaque']],
  ['replies on', command('CLIENT', 'REPLY', 'ON'), ['CLIENT REPLY!']],
  ['replies off', command('CLIENT', 'reply', 'off'), ['opaque']],
  ['replies skipped', command('client', 'REPLY', 'SKIP'), ['opaque']],
  ['SUBSCRIBE in a transaction', command('MULTI') + command('SUBSCRIBE', 'c'), ['MULTI!', 'opaque']],
  ['TLS', '\x16\x03\x01\x02\x00\x01', ['opaque']],
  ['a count that is none', '*x\r\n', ['opaque']],
  ['a negative count', '*-2\r\n', ['opaque']],
  ['an argument that is no string', '*1\r\n:1\r\n', ['opaque']],
  ['a string that is too short', '*2\r\n$3\r\nGET\r\n$1\r\nab\r\n', ['GET', 'opaque']],
  ['a negative length', '*1\r\n$-1\r\n', ['opaque']],
])('reads %s', (_, text, expected) => {
  for (const size of [1, 2, 3, 7, text.length]) {
    expect(operationsIn(traced(newCodec, [['client', text]], [size]))).toEqual(expected);
  }
});

test('tells a command as soon as its name has come, and where it ends', () => {
  const trace = new EngineTrace(newCodec());
  const text = command('SET', 'k', 'x'.repeat(1000));
  trace.client(text.slice(0, 50));
  expect(trace.events).toEqual(['client head 13 SET']);
  trace.client(text.slice(50));
  expect(trace.events.slice(1)).toEqual([`client complete ${text.length}`]);
});

test('an inline command has at most 64 KiB', () => {
  const line = (bytes: number): string => `SET k ${'x'.repeat(bytes - 8)}\r\n`;
  for (const size of [1000, 100_000]) {
    const found = (bytes: number): string[] => operationsIn(traced(newCodec, [['client', line(bytes)]], [size]));
    expect(found(65_536)).toEqual(['SET']);
    expect(found(65_537)).toEqual(['opaque']);
  }
});
