import { expect, test } from 'vitest';
import type { NativeError, Request } from '../exchange/codec.ts';
import { operationsIn, type Turn, traced } from '../traced.test.support.ts';
import { MemcacheCodec } from './memcache-codec.ts';
import { packet, REQUEST, RESPONSE } from './packet.test.support.ts';

const GET = 0x00;
const SET = 0x01;
const GETQ = 0x09;
const NOOP = 0x0a;
const STAT = 0x10;
const SETQ = 0x11;

const SIZES = [1, 2, 7, 23, 25, 10_000];
const newCodec = (): MemcacheCodec => new MemcacheCodec();

function backendEvents(client: readonly Buffer[], server: readonly Buffer[], size: number): string[] {
  const { events } = traced(
    newCodec,
    [
      ['client', ...client],
      ['backend', ...server],
    ],
    [size],
  );
  return events.filter((event) => event.startsWith('backend'));
}

test('reads commands and their answers', () => {
  const client = [
    packet(REQUEST, 0x20),
    packet(REQUEST, 0x21, { key: 'PLAIN', value: '\0user\0password' }),
    packet(REQUEST, SET, { key: 'k', extras: '\0'.repeat(8), value: 'v'.repeat(100) }),
    packet(REQUEST, GET, { key: 'k' }),
    packet(REQUEST, 0x99),
    packet(REQUEST, 0x07),
  ];
  const server = [
    packet(RESPONSE, 0x20, { value: 'PLAIN' }),
    packet(RESPONSE, 0x21, { value: 'Authenticated' }),
    packet(RESPONSE, SET),
    packet(RESPONSE, GET, { extras: '\0\0\0\0', value: 'v' }),
    packet(RESPONSE, 0x99, { status: 0x81 }),
    packet(RESPONSE, 0x07),
  ];
  const operations = ['sasl_list_mechs!', 'sasl_auth!', 'set', 'get', 'unknown', 'quit!'];
  for (const size of SIZES) {
    const trace = traced(
      newCodec,
      [
        ['client', ...client],
        ['backend', ...server],
      ],
      [size],
    );
    expect(operationsIn(trace)).toEqual(operations);
    // A head is a header.
    expect(trace.events.slice(2, 4)).toEqual(['client head 48 sasl_auth', 'client complete 67']);
    const ends = server.map((_, i) => Buffer.concat(server.slice(0, i + 1)).length);
    expect(trace.events.slice(12)).toEqual(
      ends.map((end, i) => `backend complete ${end} ${operations[i]?.replace('!', '')}`),
    );
  }
});

test('statistics end with an empty packet, or with an error', () => {
  const client = [packet(REQUEST, STAT), packet(REQUEST, STAT, { key: 'nope' }), packet(REQUEST, NOOP)];
  const server = [
    packet(RESPONSE, STAT, { key: 'pid', value: '1' }),
    packet(RESPONSE, STAT, { key: 'x', value: '' }),
    packet(RESPONSE, STAT),
    packet(RESPONSE, STAT, { key: 'n', status: 1, value: 'Not found' }),
    packet(RESPONSE, NOOP),
  ];
  for (const size of SIZES) {
    expect(backendEvents(client, server, size)).toEqual([
      `backend complete ${28 + 25 + 24} stats`,
      `backend complete ${77 + 34} stats`,
      `backend complete ${111 + 24} noop`,
    ]);
  }
});

test('what is said to quiet commands belongs to the answer of the next', () => {
  const client = [
    packet(REQUEST, GETQ, { key: 'a' }),
    packet(REQUEST, SETQ, { key: 'b' }),
    packet(REQUEST, NOOP),
    packet(REQUEST, GETQ, { key: 'a' }),
  ];
  const server = [
    packet(RESPONSE, GETQ, { value: 'hit' }),
    packet(RESPONSE, SETQ, { status: 3 }),
    packet(RESPONSE, NOOP),
    packet(RESPONSE, GETQ, { value: 'hit' }),
  ];
  for (const size of SIZES) {
    expect(backendEvents(client, server, size)).toEqual(['backend complete 75 noop', 'backend unasked 102']);
  }
  expect(operationsIn(traced(newCodec, [['client', ...client]], [10_000]))).toEqual([
    'getq~',
    'setq~',
    'noop',
    'getq~',
  ]);
});

test('a packet that nobody waited for does not become an answer when somebody waits', () => {
  const hit = packet(RESPONSE, GETQ, { value: 'hit' });
  const turns: readonly Turn[] = [
    ['client', packet(REQUEST, GETQ)],
    ['backend', hit.subarray(0, 25)],
    ['client', packet(REQUEST, GET)],
    ['backend', hit.subarray(25), packet(RESPONSE, GET)],
  ];
  const { events } = traced(newCodec, turns, [10_000]);
  expect(events.filter((event) => event.startsWith('backend'))).toEqual([
    'backend unasked 25',
    'backend unasked 27',
    'backend complete 51 get',
  ]);
});

test.each<[string, Buffer[], Buffer[]]>([
  ['an answer to something else', [packet(REQUEST, GET)], [packet(RESPONSE, SET)]],
  ['a request in place of an answer', [packet(REQUEST, GET)], [packet(REQUEST, GET)]],
  ['text after a packet', [packet(REQUEST, GET), Buffer.from('get a\r\n')], []],
  ['a stream of changes', [packet(REQUEST, 0x40)], []],
])('does not go on after %s', (_, client, server) => {
  for (const size of SIZES) {
    const { events } = traced(
      newCodec,
      [
        ['client', ...client],
        ['backend', ...server],
      ],
      [size],
    );
    expect(events.at(-1)).toMatch(/opaque$/);
  }
});

const ERROR: NativeError = { id: 'n1-7', code: undefined, message: undefined, draw: 0, atMs: 0 };

function errorFor(client: readonly Buffer[], error: Partial<NativeError> = {}): [string, boolean | undefined] {
  const codec = new MemcacheCodec();
  const requests: Request[] = [];
  for (const each of client) {
    const step = codec.readClient(each, 0);
    if (step.kind !== 'head') throw new Error(step.kind);
    codec.readClient(each, step.end);
    requests.push(step.request);
  }
  const [last] = requests.slice(-1);
  const answer = last && codec.errorFor(last, { ...ERROR, ...error });
  return [answer?.bytes.toString('latin1') ?? '', answer?.close];
}

test('an error has the opcode and the opaque of its request', () => {
  const get = packet(REQUEST, GET, { key: 'k', opaque: 0x01020304 });
  const value = 'injected by vaurien n1-7';
  const told = (status: number): Buffer => packet(RESPONSE, GET, { status, opaque: 0x01020304, value });
  expect(errorFor([get])).toEqual([told(0x84).toString('latin1'), false]);
  expect(errorFor([get], { code: 0x85 })).toEqual([told(0x85).toString('latin1'), false]);
  expect(errorFor([get], { code: 'ERROR' })).toEqual([told(0x81).toString('latin1'), false]);
});

test('a quiet command is told its error; what closes a batch ends the connection with it', () => {
  const quiet = packet(REQUEST, GETQ, { key: 'k', opaque: 7 });
  const value = 'injected by vaurien n1-7';
  expect(errorFor([quiet, quiet])).toEqual([
    packet(RESPONSE, GETQ, { status: 0x84, opaque: 7, value }).toString('latin1'),
    false,
  ]);
  expect(errorFor([quiet, packet(REQUEST, NOOP)])[1]).toBe(true);
  expect(errorFor([quiet, packet(REQUEST, NOOP), packet(REQUEST, GET)])[1]).toBe(false);
});
