import { expect, test } from 'vitest';
import { EngineTrace } from '../engine-trace.test.support.ts';
import { message } from './messages.ts';
import { PostgresCodec } from './postgres-codec.ts';
import * as wire from './wire.test.support.ts';
import { batch, batchDone, bind, done, execute, flush, parse, q, ready, sync } from './wire.test.support.ts';

/** A connection that is past its start, with what happened up to there forgotten. */
function connected(fault?: ConstructorParameters<typeof EngineTrace>[1]): EngineTrace {
  const trace = new EngineTrace(new PostgresCodec(), fault).client(wire.startup).backend(wire.authenticated);
  trace.events.length = 0;
  return trace;
}

/** What was found, without the offsets. */
function plain({ events }: EngineTrace): readonly string[] {
  return events.map((event) => event.replace(/^(\w+) ([\w ]*?) ?\d+/, '$1 $2'));
}

test('the start of a connection is one request that no fault hits, up to ReadyForQuery', () => {
  const trace = new EngineTrace(new PostgresCodec())
    .client(wire.startup)
    .backend(message('R', '\0\0\0\x0aSCRAM-SHA-256\0\0'))
    .client(message('p', 'SCRAM-SHA-256\0\0\0\0\x04n,,n'))
    .backend(message('R', '\0\0\0\x0br=1'))
    .client(message('p', 'c=biws'))
    .backend(wire.authenticated);
  expect(plain(trace)).toEqual([
    'client head CONNECT',
    'client complete',
    'client continued',
    'backend complete CONNECT',
  ]);
  expect(trace.requests.map(({ judged, answered }) => ({ judged, answered }))).toEqual([
    { judged: false, answered: true },
  ]);
  expect(trace.waiting).toBe(0);
});

test('an error ends the start of a connection', () => {
  const trace = new EngineTrace(new PostgresCodec()).client(wire.startup).backend(wire.failure('28P01'));
  expect(trace.events.at(-1)).toMatch(/^backend complete \d+ CONNECT$/);
});

test('goes on in plain when encryption is refused, and is lost when it is not', () => {
  const trace = new EngineTrace(new PostgresCodec())
    .client(wire.gssRequest)
    .backend('N')
    .client(wire.sslRequest)
    .backend('N');
  trace.client(wire.startup);
  expect(plain(trace)).toEqual([
    'client head GSSENCREQUEST',
    'client complete',
    'backend complete GSSENCREQUEST',
    'client head SSLREQUEST',
    'client complete',
    'backend complete SSLREQUEST',
    'client head CONNECT',
    'client complete',
  ]);
  const encrypted = new EngineTrace(new PostgresCodec()).client(wire.sslRequest).backend('S');
  expect(encrypted.events.at(-1)).toBe('backend opaque');
});

test.each([
  ['TLS from the first byte on', Buffer.from('16030100a5010000a1', 'hex')],
  ['another protocol', Buffer.from('GET / HTTP/1.1\r\n')],
  ['protocol 2', wire.untyped(131072)],
  ['a length that cannot be', Buffer.from('000000040003000000', 'hex')],
])('%s is opaque', (_, bytes) => {
  expect(new EngineTrace(new PostgresCodec()).client(bytes).events).toEqual(['client opaque']);
});

test('a CancelRequest and a Terminate have no answer', () => {
  const cancel = new EngineTrace(new PostgresCodec()).client(wire.cancelRequest);
  expect(cancel.requests).toMatchObject([{ operation: 'CANCEL', answered: false, judged: false }]);
  const end = connected().client(message('X'));
  expect(end.requests.at(-1)).toMatchObject({ operation: 'TERMINATE', answered: false, judged: false });
  expect([cancel.waiting, end.waiting]).toEqual([0, 0]);
});

test('a simple query is answered up to ReadyForQuery, however many statements it has', () => {
  const query = q('SELECT 1; INSERT INTO t VALUES (1)');
  const answer = Buffer.concat([wire.described, wire.row('1'), done('SELECT 1'), wire.notice, done('INSERT 0 1')]);
  const trace = connected().client(query).backend(answer).backend(ready());
  const [asked, told] = [
    wire.startup.length + query.length,
    wire.authenticated.length + answer.length + ready().length,
  ];
  expect(trace.events).toEqual([
    `client head ${asked} SELECT`,
    `client complete ${asked}`,
    `backend complete ${told} SELECT`,
  ]);
});

test('an empty query and a function call are requests', () => {
  const trace = connected()
    .client(q(''))
    .backend(Buffer.concat([message('I'), ready()]));
  trace.client(message('F', '\0\0\0\x01')).backend(Buffer.concat([message('V', '\0\0\0\0'), ready()]));
  expect(trace.requests.slice(1).map(({ operation }) => operation)).toEqual(['QUERY', 'FUNCTION CALL']);
  expect(trace.waiting).toBe(0);
});

test('a head is no longer than the beginning of the SQL', () => {
  const query = q(`INSERT INTO t VALUES ('${'x'.repeat(100_000)}')`);
  const start = wire.startup.length;
  expect(connected().client(query).events).toEqual([
    `client head ${start + 5 + 1024} INSERT`,
    `client complete ${start + query.length}`,
  ]);
});

test('a batch of the extended protocol is a request, up to Sync', () => {
  const trace = connected()
    .client(batch('UPDATE t SET a = $1', 's1', 'x'.repeat(5000)))
    .backend(batchDone('UPDATE 1'));
  expect(plain(trace)).toEqual(['client head UPDATE', 'client complete', 'backend complete UPDATE']);
});

test('a prepared statement is known by its name, on later batches and portals', () => {
  const trace = connected()
    .client(Buffer.concat([parse('DELETE FROM t', 'd'), wire.describe('S', 'd'), sync]))
    .backend(Buffer.concat([wire.parsed, wire.noData, ready()]))
    .client(Buffer.concat([bind('d', 'p1'), sync]))
    .backend(Buffer.concat([wire.bound, ready()]))
    .client(Buffer.concat([execute('p1'), sync]))
    .backend(Buffer.concat([done('DELETE 3'), ready()]))
    .client(Buffer.concat([bind('unknown'), execute(), sync]))
    .backend(Buffer.concat([wire.failure('26000'), ready()]));
  const operations = trace.requests.slice(1).map(({ operation }) => operation);
  expect(operations).toEqual(['DELETE', 'DELETE', 'DELETE', 'EXECUTE']);
  expect(trace.waiting).toBe(0);
});

test('a batch that begins a transaction, or closes old statements, is called after what follows', () => {
  const begin = [parse('BEGIN'), bind(), execute()];
  const trace = connected().client(
    Buffer.concat([wire.close('S', 'old'), ...begin, batch('INSERT INTO t VALUES (1)')]),
  );
  expect(plain(trace)).toEqual(['client head INSERT', 'client complete']);
  const alone = connected().client(Buffer.concat([...begin, sync]));
  expect(alone.requests.at(-1)).toMatchObject({ operation: 'BEGIN', judged: true });
});

test('a Sync alone and a batch that only closes are no requests of the application', () => {
  const trace = connected().client(sync).backend(ready());
  trace.client(Buffer.concat([wire.close('S', 'old'), sync])).backend(Buffer.concat([message('3'), ready()]));
  expect(trace.requests.slice(1)).toMatchObject([
    { operation: 'SYNC', judged: false },
    { operation: 'CLOSE', judged: false },
  ]);
});

test('a Flush ends a request whose answers can be counted, and the rest of the batch is not judged', () => {
  const trace = connected()
    .client(Buffer.concat([parse('SELECT 1'), bind(), wire.describe('P'), flush]))
    .backend(Buffer.concat([wire.parsed, wire.bound, wire.described]))
    .client(Buffer.concat([execute(), flush]))
    .backend(Buffer.concat([wire.row('1'), message('s')]))
    .client(Buffer.concat([execute(), sync]))
    .backend(Buffer.concat([done('SELECT 1'), ready()]))
    .client(flush)
    .client(q('SHOW x'))
    .backend(ready());
  expect(plain(trace).filter((event) => !event.startsWith('client complete'))).toEqual([
    'client head SELECT',
    'backend complete SELECT',
    'client head SELECT',
    'backend complete SELECT',
    'client head SELECT',
    'backend complete SELECT',
    'client head FLUSH',
    'client head SHOW',
    'backend complete SHOW',
  ]);
  expect(trace.requests.slice(1).map(({ judged }) => judged)).toEqual([true, false, false, false, true]);
});

test('after an error before a Flush nothing comes until Sync', () => {
  const trace = connected()
    .client(Buffer.concat([parse('SELEC'), wire.describe('S'), flush]))
    .client(Buffer.concat([bind(), execute(), flush]))
    .client(sync)
    .backend(Buffer.concat([wire.failure('42601'), ready()]));
  expect(plain(trace).slice(-3)).toEqual([
    'backend complete QUERY',
    'backend complete QUERY',
    'backend complete QUERY',
  ]);
  expect(trace.waiting).toBe(0);
});

test('pipelined requests are answered in order', () => {
  const trace = connected()
    .client(Buffer.concat([q('BEGIN'), batch('INSERT INTO t VALUES (1)'), q('COMMIT')]))
    .backend(Buffer.concat([done('BEGIN'), ready('T'), batchDone('INSERT 0 1', 'T'), done('COMMIT'), ready()]));
  expect(plain(trace).filter((event) => event.startsWith('backend'))).toEqual([
    'backend complete BEGIN',
    'backend complete INSERT',
    'backend complete COMMIT',
  ]);
});

test('COPY from the client: the data belong to the query', () => {
  const trace = connected()
    .client(q('COPY t FROM STDIN'))
    .backend(wire.copyIn)
    .client(Buffer.concat([wire.copyData('1\n'), wire.copyData('2\n'), wire.copyDone]))
    .backend(Buffer.concat([done('COPY 2'), ready()]))
    .client(q('SELECT 1'));
  expect(plain(trace)).toEqual([
    'client head COPY',
    'client complete',
    'client continued',
    'backend complete COPY',
    'client head SELECT',
    'client complete',
  ]);
});

test('COPY in the extended protocol ends with a second Sync', () => {
  const trace = connected()
    .client(batch('COPY t FROM STDIN'))
    .backend(Buffer.concat([wire.parsed, wire.bound, wire.noData, wire.copyIn]))
    .client(Buffer.concat([wire.copyData('1\n'), message('f', 'no\0'), sync, batch('SELECT 1')]))
    .backend(Buffer.concat([wire.failure('57014'), ready(), batchDone('SELECT 1')]));
  expect(plain(trace)).toEqual([
    'client head COPY',
    'client complete',
    'client continued',
    'client head SELECT',
    'client complete',
    'backend complete COPY',
    'backend complete SELECT',
  ]);
});

test('a COPY whose Flush is answered, or whose data came ahead, takes no second Sync', () => {
  const copy = Buffer.concat([parse('COPY t FROM STDIN'), bind(), execute()]);
  const data = Buffer.concat([wire.copyData('1\n'), wire.copyDone]);
  const answer = Buffer.concat([wire.parsed, wire.bound, wire.copyIn]);
  const flushed = connected()
    .client(Buffer.concat([copy, flush]))
    .backend(answer)
    .client(Buffer.concat([data, sync]));
  expect(plain(flushed).slice(2)).toEqual(['client continued', 'client head COPY', 'client complete']);
  flushed.backend(Buffer.concat([done('COPY 1'), ready()]));
  expect(flushed.waiting).toBe(0);
  const ahead = connected().client(Buffer.concat([copy, data, sync]));
  ahead.backend(Buffer.concat([answer, done('COPY 1'), ready()])).client(sync);
  expect(ahead.requests.at(-1)).toMatchObject({ operation: 'SYNC' });
});

test('what follows the second Sync of a COPY is another request', () => {
  const trace = connected()
    .client(batch('COPY t FROM STDIN'))
    .backend(Buffer.concat([wire.parsed, wire.bound, wire.copyIn]));
  trace.client(Buffer.concat([wire.copyDone, sync, sync]));
  expect(trace.requests.at(-1)).toMatchObject({ operation: 'SYNC' });
});

test('a simple query ends a batch too', () => {
  const trace = connected().client(Buffer.concat([parse('SELECT 1'), bind(), execute(), q('SELECT 2')]));
  trace
    .backend(Buffer.concat([wire.parsed, wire.bound, done('SELECT 1'), done('SELECT 1'), ready()]))
    .client(q('SHOW x'));
  expect(plain(trace).slice(-3)).toEqual(['backend complete SELECT', 'client head SHOW', 'client complete']);
});

test('what is held back for its meaning is not held for long, and passed on in order', () => {
  const long = parse(`BEGIN /* ${'x'.repeat(9000)} */`);
  const start = wire.startup.length;
  expect(connected().client(long).events).toEqual([`client head ${start + 5 + 1024} BEGIN`]);
  const odd = [parse('BEGIN'), wire.copyData('x'), bind(), sync];
  const trace = connected();
  for (const part of odd) trace.client(part);
  expect(trace.sentTo('backend').slice(start)).toBe(Buffer.concat(odd).toString('latin1'));
});

test('COPY to the client is an answer like others; COPY both ways is opaque', () => {
  const trace = connected().client(q('COPY t TO STDOUT'));
  trace.backend(Buffer.concat([message('H', '\0\0\0'), wire.copyData('1\n'), wire.copyDone, done('COPY 1'), ready()]));
  expect(plain(trace).at(-1)).toBe('backend complete COPY');
  const replication = connected().client(q('START_REPLICATION 0/0')).backend(message('W', '\0\0\0'));
  expect(replication.events.at(-1)).toBe('backend opaque');
});

test('notices, parameters, notifications and the last words of a server come unasked', () => {
  const { notification } = wire;
  const trace = connected().backend(Buffer.concat([wire.notice, notification, message('S', 'TimeZone\0UTC\0')]));
  trace.client(q('SELECT 1')).backend(Buffer.concat([notification, wire.notice, done('SELECT 0'), ready()]));
  trace.backend(wire.failure('57P01'));
  expect(plain(trace)).toEqual([
    'backend unasked',
    'client head SELECT',
    'client complete',
    'backend unasked',
    'backend complete SELECT',
    'backend unasked',
  ]);
});

test.each([
  ['an unknown message of the client', (trace: EngineTrace) => trace.client('!\0\0\0\x04')],
  ['an unknown message of the backend', (trace: EngineTrace) => trace.client(q('SELECT 1')).backend('!\0\0\0\x04')],
  ['an answer to nothing', (trace: EngineTrace) => trace.backend(ready())],
  ['a length below its own', (trace: EngineTrace) => trace.client('Q\0\0\0\x03')],
  ['a length beyond all limits', (trace: EngineTrace) => trace.client('Q\x7f\xff\xff\xff')],
  ['a status that is none', (trace: EngineTrace) => trace.client(q('SELECT 1')).backend(message('Z', 'x'))],
])('%s is opaque', (_, act) => {
  expect(act(connected()).events.at(-1)).toMatch(/ opaque$/);
});
