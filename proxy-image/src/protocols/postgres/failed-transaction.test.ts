import { expect, test } from 'vitest';
import { EngineTrace, type Point } from '../engine-trace.test.support.ts';
import type { Request } from '../exchange/codec.ts';
import { PostgresCodec } from './postgres-codec.ts';
import * as wire from './wire.test.support.ts';
import { batch, batchDone, bind, close, done, execute, flush, parse, q, ready, sync } from './wire.test.support.ts';

/** Like a server that answers simple queries, what is sent and told from here on being of interest. */
class Session extends EngineTrace {
  #from = { client: 0, backend: 0 };

  constructor(fault: (request: Request) => Point | undefined) {
    super(new PostgresCodec(), fault);
    this.client(wire.startup).backend(wire.authenticated).mark();
  }

  /** Opens a transaction, and makes one INSERT in it fail. */
  static failed(point: Point = 'before'): Session {
    const session = new Session(({ operation }) => (operation === 'INSERT' ? point : undefined));
    session.client(q('BEGIN')).backend(Buffer.concat([done('BEGIN'), ready('T')]));
    session.client(q('INSERT INTO t VALUES (1)'));
    if (point === 'forwarded') session.backend(Buffer.concat([done('INSERT 0 1'), ready('T')]));
    return session.mark();
  }

  mark(): this {
    this.#from = { client: this.sentTo('client').length, backend: this.sentTo('backend').length };
    return this;
  }

  /** What the client was told since the mark: its messages' types, with codes, tags and states. */
  get told(): readonly string[] {
    const bytes = Buffer.from(this.sentTo('client').slice(this.#from.client), 'latin1');
    const found: string[] = [];
    for (let at = 0; at < bytes.length; at += 1 + bytes.readUInt32BE(at + 1)) {
      const payload = bytes.toString('latin1', at + 5, at + 1 + bytes.readUInt32BE(at + 1));
      const word = /\0C(\w{5})\0/.exec(payload)?.[1] ?? payload.replaceAll('\0', '');
      found.push(`${bytes.toString('latin1', at, at + 1)} ${word}`.trim());
    }
    return found;
  }

  /** What the backend was sent since the mark. */
  get sent(): string {
    return this.sentTo('backend').slice(this.#from.backend);
  }
}

const text = (...parts: readonly Buffer[]): string => Buffer.concat(parts).toString('latin1');

test('outside of a transaction an error leaves nothing behind', () => {
  const session = new Session(({ operation }) => (operation === 'INSERT' ? 'before' : undefined));
  session.client(q('INSERT INTO t VALUES (1)'));
  session.client(batch('INSERT INTO t VALUES (1)'));
  expect(session.told).toEqual(['E 57014', 'Z I', 'E 57014', 'Z I']);
  expect(session.sent).toBe('');
  session.client(q('SELECT 1'));
  expect(session.sent).toBe(text(q('SELECT 1')));
});

test.each(['before', 'forwarded'] as const)('an error %s the backend fails the transaction until ROLLBACK', (point) => {
  const session = Session.failed(point);
  session.client(q('SELECT 1')).client(batch('SELECT 1')).client(q('SAVEPOINT a'));
  expect(session.told).toEqual(['E 25P02', 'Z E', 'E 25P02', 'Z E', 'E 25P02', 'Z E']);
  expect(session.sent).toBe('');
  session
    .mark()
    .client(q('ROLLBACK'))
    .backend(Buffer.concat([done('ROLLBACK'), ready()]));
  expect(session.sent).toBe(text(q('ROLLBACK')));
  session.mark().client(q('SELECT 1'));
  expect(session.sent).toBe(text(q('SELECT 1')));
});

test.each([
  ['COMMIT', 'ROLLBACK', 'I'],
  ['END;', 'ROLLBACK', 'I'],
  ['COMMIT AND CHAIN', 'ROLLBACK AND CHAIN', 'T'],
  ["PREPARE TRANSACTION 'x'", 'ROLLBACK', 'I'],
] as const)('%s of a failed transaction is a rollback', (sql, becomes, status) => {
  const session = Session.failed();
  session.client(q(sql)).backend(Buffer.concat([done('ROLLBACK'), ready(status)]));
  expect(session.sent).toBe(text(q(becomes)));
  expect(session.told).toEqual(['C ROLLBACK', `Z ${status}`]);
  expect(session.requests.at(-1)).toMatchObject({ judged: false });
  session.mark().client(q('SELECT 1'));
  expect(session.sent).toBe(text(q('SELECT 1')));
});

test('a COMMIT with more after it, or too long to tell, is refused', () => {
  const session = Session.failed();
  session.client(q('COMMIT; SELECT 1')).client(q(`COMMIT${' '.repeat(2000)}`));
  expect(session.told).toEqual(['E 25P02', 'Z E', 'E 25P02', 'Z E']);
});

test('a COMMIT in the extended protocol is a rollback, and its statement is prepared all the same', () => {
  const session = Session.failed();
  session.client(Buffer.concat([close('S', 'old'), batch('COMMIT', 's1')]));
  expect(session.sent).toBe(text(q('ROLLBACK'), close('S', 'old'), parse('COMMIT', 's1'), sync));
  session.backend(Buffer.concat([done('ROLLBACK'), ready(), wire.parsed, ready()]));
  expect(session.told).toEqual(['3', '1', '2', 'n', 'C ROLLBACK', 'Z I']);
  expect(session.waiting).toBe(0);
});

test('a prepared ROLLBACK goes on; a batch that closes is carried out', () => {
  const session = new Session(({ operation }) => (operation === 'INSERT' ? 'before' : undefined));
  const prepare = Buffer.concat([parse('ROLLBACK', 'r'), sync]);
  session.client(prepare).backend(Buffer.concat([wire.parsed, ready()]));
  session.client(q('BEGIN')).backend(Buffer.concat([done('BEGIN'), ready('T')]));
  session.client(q('INSERT INTO t VALUES (1)')).mark();
  session.client(sync).backend(ready('T'));
  expect([session.sent, session.told]).toEqual([text(sync), ['Z E']]);
  const tidy = Buffer.concat([close('S', 'x'), sync]);
  session
    .mark()
    .client(tidy)
    .backend(Buffer.concat([Buffer.from('3\0\0\0\x04', 'latin1'), ready('T')]));
  expect([session.sent, session.told]).toEqual([text(tidy), ['3', 'Z E']]);
  const rollback = Buffer.concat([bind('r'), execute(), sync]);
  session.mark().client(rollback);
  expect(session.sent).toBe(text(rollback));
});

test('ROLLBACK TO returns to a savepoint on both sides', () => {
  const session = Session.failed();
  session.client(q('ROLLBACK TO a')).backend(Buffer.concat([done('ROLLBACK'), ready('T')]));
  session.mark().client(q('SELECT 1'));
  expect(session.sent).toBe(text(q('SELECT 1')));
});

test('in a pipeline what follows the error knows of it', () => {
  const session = new Session(({ operation }) => (operation === 'INSERT' ? 'before' : undefined));
  session.client(Buffer.concat([q('BEGIN'), batch('INSERT INTO t VALUES (1)'), q('SELECT 1'), q('COMMIT')]));
  expect(session.sent).toBe(text(q('BEGIN'), q('ROLLBACK')));
  session.backend(Buffer.concat([done('BEGIN'), ready('T'), done('ROLLBACK'), ready()]));
  expect(session.told).toEqual(['C BEGIN', 'Z T', 'E 57014', 'Z E', 'E 25P02', 'Z E', 'C ROLLBACK', 'Z I']);
});

test('in a pipeline a ROLLBACK that went ahead has ended it', () => {
  const session = new Session(({ operation }) => (operation === 'INSERT' ? 'before' : undefined));
  session.client(Buffer.concat([q('BEGIN'), q('INSERT INTO t VALUES (1)'), q('ROLLBACK')]));
  session.backend(Buffer.concat([done('BEGIN'), ready('T')]));
  expect(session.told).toEqual(['C BEGIN', 'Z T', 'E 57014', 'Z E']);
  session.mark().client(q('SELECT 1'));
  expect(session.sent).toBe(text(q('SELECT 1')));
});

test('a BEGIN that fails at the backend leaves nothing for a later error to fail', () => {
  const session = new Session(({ operation }) => (operation === 'INSERT' ? 'before' : undefined));
  session.client(Buffer.concat([q('BEGIN'), q('INSERT INTO t VALUES (1)')]));
  session.backend(Buffer.concat([wire.failure('53200'), ready('I')]));
  expect(session.told).toEqual(['E 53200', 'Z I', 'E 57014', 'Z I']);
  session.mark().client(q('SELECT 1'));
  expect(session.sent).toBe(text(q('SELECT 1')));
});

test('a batch that begins a transaction and fails has begun none', () => {
  const session = new Session(({ operation }) => (operation === 'INSERT' ? 'before' : undefined));
  const begin = Buffer.concat([
    parse('BEGIN'),
    bind(),
    execute(),
    bind(),
    execute(),
    batch('INSERT INTO t VALUES (1)'),
  ]);
  session.client(begin).client(begin);
  expect(session.told).toEqual(['E 57014', 'Z I', 'E 57014', 'Z I']);
});

test('in a failed transaction a batch too long to look through is refused', () => {
  const session = Session.failed();
  session.client(batch('SELECT $1', '', 'x'.repeat(20_000)));
  expect([session.told, session.sent]).toEqual([['E 25P02', 'Z E'], '']);
});

test.each([
  // The backend never saw it.
  ['before', 'BEGIN', 'I'],
  // The backend has begun; only a rollback brings both sides together.
  ['forwarded', 'BEGIN', 'E'],
] as const)('an error %s the backend for %s tells %s', (point, sql, status) => {
  const session = new Session(({ operation }) => (operation === sql ? point : undefined));
  session.client(q(sql));
  if (point === 'forwarded') session.backend(Buffer.concat([done(sql), ready('T')]));
  expect(session.told).toEqual(['E 57014', `Z ${status}`]);
  session.mark().client(q('SELECT 1'));
  expect(session.sent).toBe(status === 'I' ? text(q('SELECT 1')) : '');
});

test.each([
  // The transaction is still open at the backend, so the client has to roll it back.
  ['before', 'E'],
  ['forwarded', 'I'],
] as const)('an error %s the backend for COMMIT tells %s', (point, status) => {
  const session = new Session(({ operation }) => (operation === 'COMMIT' ? point : undefined));
  session
    .client(q('BEGIN'))
    .backend(Buffer.concat([done('BEGIN'), ready('T')]))
    .mark();
  session.client(q('COMMIT'));
  if (point === 'forwarded') session.backend(Buffer.concat([done('COMMIT'), ready()]));
  expect(session.told).toEqual(['E 57014', `Z ${status}`]);
});

test('a transaction that has failed at the backend is left to it', () => {
  const session = new Session(({ operation }) => (operation === 'INSERT' ? 'before' : undefined));
  session.client(q('BEGIN')).backend(Buffer.concat([done('BEGIN'), ready('T')]));
  session
    .client(q('SELECT 1/0'))
    .backend(Buffer.concat([wire.failure('22012'), ready('E')]))
    .mark();
  session.client(q('INSERT INTO t VALUES (1)'));
  expect(session.told).toEqual(['E 57014', 'Z E']);
  session.mark().client(q('COMMIT'));
  expect(session.sent).toBe(text(q('COMMIT')));
});

test.each(['before', 'forwarded'] as const)(
  'an error %s the backend for a Flush leaves ReadyForQuery to Sync',
  (point) => {
    const session = new Session(({ operation }) => (operation === 'INSERT' ? point : undefined));
    const begun = Buffer.concat([parse('INSERT INTO t VALUES (1)'), bind(), flush]);
    session.client(begun);
    if (point === 'forwarded') session.backend(Buffer.concat([wire.parsed, wire.bound]));
    expect(session.told).toEqual(['E 57014']);
    session.client(Buffer.concat([execute(), flush])).client(sync);
    expect(session.sent).toBe(point === 'forwarded' ? text(begun, sync) : text(sync));
    expect(session.told).toEqual(['E 57014']);
    session.backend(ready());
    expect(session.told).toEqual(['E 57014', 'Z I']);
    session.mark().client(batch('SELECT 1')).backend(batchDone('SELECT 0'));
    expect(session.sent).toBe(text(batch('SELECT 1')));
    expect(session.waiting).toBe(0);
  },
);

test('in a failed transaction a batch with a Flush is refused, up to Sync', () => {
  const session = Session.failed();
  session.client(Buffer.concat([parse('SELECT 1'), bind(), flush]));
  expect(session.told).toEqual(['E 25P02']);
  session.client(Buffer.concat([close('P'), sync])).backend(ready('T'));
  expect(session.told).toEqual(['E 25P02', 'Z E']);
  session.mark().client(q('SELECT 1'));
  expect(session.told).toEqual(['E 25P02', 'Z E']);
});

test('an injected shutdown ends the connection', () => {
  const codec = new PostgresCodec();
  const trace = new EngineTrace(codec).client(wire.startup).backend(wire.authenticated).client(q('SELECT 1'));
  const error = { id: 'f1', code: '57P01', message: undefined, draw: 0, atMs: 0 };
  const answers = trace.requests.map((request) => codec.errorFor(request, error));
  expect(answers.map((answer) => [answer?.close, answer?.bytes.includes(ready())])).toEqual([
    [true, false],
    [true, false],
  ]);
});
