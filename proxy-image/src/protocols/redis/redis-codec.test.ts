import { expect, test } from 'vitest';
import type { NativeError, Request } from '../exchange/codec.ts';
import { answersIn, type Turn, traced } from '../traced.test.support.ts';
import { RedisCodec } from './redis-codec.ts';

const OK = '+OK\r\n';

const CONFIRM = {
  subscribe: (form: string, channel: string, count: number): string =>
    `${form}3\r\n$9\r\nsubscribe\r\n$${channel.length}\r\n${channel}\r\n:${count}\r\n`,
  psubscribe: (form: string, channel: string, count: number): string =>
    `${form}3\r\n$10\r\npsubscribe\r\n$${channel.length}\r\n${channel}\r\n:${count}\r\n`,
  unsubscribe: (form: string, channel: string, count: number): string =>
    `${form}3\r\n$11\r\nunsubscribe\r\n$${channel.length}\r\n${channel}\r\n:${count}\r\n`,
};

function message(form: string, text: string): string {
  return `${form}3\r\n$7\r\nmessage\r\n$1\r\na\r\n$${text.length}\r\n${text}\r\n`;
}

test.each<[string, readonly Turn[], string[]]>([
  [
    'one after the other',
    [
      ['client', 'GET a\r\nDEL a\r\n'],
      ['backend', '$-1\r\n', ':1\r\n'],
    ],
    ['GET $-1\r\n', 'DEL :1\r\n'],
  ],
  [
    'nothing asked',
    [['backend', '-ERR max number of clients reached\r\n']],
    ['unasked -ERR max number of clients reached\r\n'],
  ],
  [
    'a push before and after an answer',
    [
      ['client', 'GET a\r\n'],
      ['backend', '>2\r\n+invalidate\r\n*1\r\n+a\r\n', OK, '>1\r\n+x\r\n'],
    ],
    ['unasked >2\r\n+invalidate\r\n*1\r\n+a\r\n', `GET ${OK}`, 'unasked >1\r\n+x\r\n'],
  ],
  [
    'garbage',
    [
      ['client', 'GET a\r\n'],
      ['backend', 'HTTP/1.1 400\r\n'],
    ],
    ['opaque'],
  ],
  [
    'a subscription of RESP3, which is answered by pushes alone',
    [
      ['client', 'SUBSCRIBE a b\r\nGET a\r\n'],
      ['backend', CONFIRM.subscribe('>', 'a', 1), CONFIRM.subscribe('>', 'b', 2), message('>', 'x'), OK],
    ],
    [
      `SUBSCRIBE ${CONFIRM.subscribe('>', 'a', 1)}${CONFIRM.subscribe('>', 'b', 2)}`,
      `unasked ${message('>', 'x')}`,
      `GET ${OK}`,
    ],
  ],
  [
    'a subscription of RESP2, and messages beside answers',
    [
      ['client', 'SUBSCRIBE a b\r\n'],
      ['backend', CONFIRM.subscribe('*', 'a', 1), CONFIRM.subscribe('*', 'b', 2), message('*', 'x')],
      ['client', 'PING\r\n'],
      ['backend', message('*', 'y'), '*2\r\n$4\r\npong\r\n$0\r\n\r\n', message('*', 'z')],
    ],
    [
      `SUBSCRIBE ${CONFIRM.subscribe('*', 'a', 1)}${CONFIRM.subscribe('*', 'b', 2)}`,
      `unasked ${message('*', 'x')}`,
      `PING ${message('*', 'y')}*2\r\n$4\r\npong\r\n$0\r\n\r\n`,
      `unasked ${message('*', 'z')}`,
    ],
  ],
  [
    'the end of all subscriptions, and then an array that looks like a message',
    [
      ['client', 'SUBSCRIBE a b a\r\nPSUBSCRIBE p\r\nUNSUBSCRIBE\r\nPUNSUBSCRIBE p\r\nLRANGE l 0 -1\r\n'],
      ['backend', CONFIRM.subscribe('*', 'a', 1), CONFIRM.subscribe('*', 'b', 2), CONFIRM.subscribe('*', 'a', 2)],
      ['backend', CONFIRM.psubscribe('*', 'p', 3)],
      ['backend', CONFIRM.unsubscribe('*', 'b', 2), CONFIRM.unsubscribe('*', 'a', 1)],
      ['backend', '*3\r\n$12\r\npunsubscribe\r\n$1\r\np\r\n:0\r\n', message('*', 'x')],
    ],
    [
      `SUBSCRIBE ${CONFIRM.subscribe('*', 'a', 1)}${CONFIRM.subscribe('*', 'b', 2)}${CONFIRM.subscribe('*', 'a', 2)}`,
      `PSUBSCRIBE ${CONFIRM.psubscribe('*', 'p', 3)}`,
      `UNSUBSCRIBE ${CONFIRM.unsubscribe('*', 'b', 2)}${CONFIRM.unsubscribe('*', 'a', 1)}`,
      'PUNSUBSCRIBE *3\r\n$12\r\npunsubscribe\r\n$1\r\np\r\n:0\r\n',
      `LRANGE ${message('*', 'x')}`,
    ],
  ],
  [
    'UNSUBSCRIBE of nothing',
    [
      ['client', 'UNSUBSCRIBE\r\nPING\r\n'],
      ['backend', '*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n', '+PONG\r\n'],
    ],
    ['UNSUBSCRIBE *3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n', 'PING +PONG\r\n'],
  ],
  [
    'a refused subscription',
    [
      ['client', 'SUBSCRIBE a b\r\nPING\r\n'],
      ['backend', '-NOPERM x\r\n', '+PONG\r\n'],
    ],
    ['SUBSCRIBE -NOPERM x\r\n', 'PING +PONG\r\n'],
  ],
  [
    'a reset, after which arrays are answers again',
    [
      ['client', 'SUBSCRIBE a\r\nRESET\r\nLRANGE l 0 -1\r\n'],
      ['backend', CONFIRM.subscribe('*', 'a', 1), '+RESET\r\n', message('*', 'x')],
    ],
    [`SUBSCRIBE ${CONFIRM.subscribe('*', 'a', 1)}`, 'RESET +RESET\r\n', `LRANGE ${message('*', 'x')}`],
  ],
  [
    'a list of words that confirmations begin with',
    [
      ['client', 'LRANGE l 0 -1\r\nLRANGE l 0 -1\r\n'],
      ['backend', CONFIRM.subscribe('*', 'a', 1), message('*', 'x')],
    ],
    [`LRANGE ${CONFIRM.subscribe('*', 'a', 1)}`, `LRANGE ${message('*', 'x')}`],
  ],
])('tells answers from what is not asked for: %s', (_, turns, expected) => {
  for (const size of [1, 2, 3, 7, 10_000]) {
    expect(
      answersIn(
        traced(() => new RedisCodec(), turns, [size]),
        turns,
      ),
    ).toEqual(expected);
  }
});

const ERROR: NativeError = { id: 'n1-7', code: undefined, message: undefined, draw: 0, atMs: 0 };

/** The requests that a codec finds in inline commands; `fail` names those to which an error is injected at once. */
function requests(lines: readonly string[], fail: readonly string[], codec: RedisCodec = new RedisCodec()): Request[] {
  return lines.map((line) => {
    const chunk = Buffer.from(`${line}\r\n`);
    const step = codec.readClient(chunk, 0);
    if (step.kind !== 'head') throw new Error(step.kind);
    codec.readClient(chunk, step.end);
    if (fail.includes(step.request.operation)) codec.errorFor(step.request, ERROR);
    return step.request;
  });
}

test('an injected error makes EXEC fail, and the server discard', () => {
  const [multi, , , exec, next] = requests(['MULTI', 'SET a 1', 'DEL b', 'EXEC', 'SET a 1'], ['DEL']);
  expect(exec?.instead?.toBackend?.toString()).toBe('*1\r\n$7\r\nDISCARD\r\n');
  expect(exec?.instead?.toClient.toString()).toBe('-EXECABORT Transaction discarded because of previous errors.\r\n');
  // No fault hits what has an answer already.
  expect([multi, exec, next].map((request) => request?.judged)).toEqual([false, false, true]);
  expect(next?.instead).toBe(undefined);
});

test.each([
  ['none in it', ['SET a 1', 'MULTI', 'SET a 1', 'EXEC'], ['INCR']],
  ['one before it', ['INCR a', 'MULTI', 'SET a 1', 'EXEC'], ['INCR']],
  ['one in a transaction that was discarded', ['MULTI', 'INCR a', 'DISCARD', 'MULTI', 'EXEC'], ['INCR']],
  ['one in a transaction that was reset', ['MULTI', 'INCR a', 'RESET', 'EXEC'], ['INCR']],
  ['one in a transaction that ended', ['MULTI', 'INCR a', 'EXEC', 'EXEC'], ['INCR']],
])('EXEC is not replaced after an error: %s', (_, lines, fail) => {
  expect(requests(lines, fail).at(-1)?.instead).toBe(undefined);
});

test('a second MULTI does not make a transaction whole again', () => {
  expect(requests(['MULTI', 'INCR a', 'MULTI', 'EXEC'], ['INCR']).at(-1)?.instead).toBeDefined();
});

test('there is no transaction when the server refuses MULTI', () => {
  const codec = new RedisCodec();
  const [multi] = requests(['MULTI'], [], codec);
  codec.readBackend(Buffer.from('-NOAUTH Authentication required.\r\n'), 0, multi);
  expect(requests(['INCR a', 'EXEC'], ['INCR'], codec).at(-1)?.instead).toBe(undefined);
});

test('an error of EXEC tells that the transaction has ended, and has the server discard it', () => {
  const codec = new RedisCodec();
  const exec = requests(['MULTI', 'SET a 1', 'EXEC'], [], codec).at(-1);
  const answer = exec && codec.errorFor(exec, { ...ERROR, code: 'BUSY', message: 'later {id}' });
  expect(answer?.bytes.toString()).toBe('-EXECABORT Transaction discarded because of: BUSY later n1-7\r\n');
  expect(answer).toMatchObject({ close: false, toBackend: Buffer.from('*1\r\n$7\r\nDISCARD\r\n') });
});

test('an error of EXEC without a transaction is one like others', () => {
  const codec = new RedisCodec();
  const [exec] = requests(['EXEC'], [], codec);
  const answer = exec && codec.errorFor(exec, ERROR);
  expect(answer).toEqual({ bytes: Buffer.from('-ERR injected by vaurien n1-7\r\n'), close: false });
});
