import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngineTrace, type Side } from '../engine-trace.test.support.ts';
import { message } from './messages.ts';
import { PostgresCodec } from './postgres-codec.ts';
import * as wire from './wire.test.support.ts';
import { batch, batchDone, bind, done, execute, flush, parse, q, ready, sync } from './wire.test.support.ts';

/** A connection with everything in it, in turns. */
const CONVERSATION: readonly (readonly [Side, Buffer])[] = [
  ['client', wire.sslRequest],
  ['backend', Buffer.from('N')],
  ['client', wire.startup],
  ['backend', message('R', '\0\0\0\x0aSCRAM-SHA-256\0\0')],
  ['client', message('p', 'SCRAM-SHA-256\0\0\0\0\x04n,,n')],
  ['backend', wire.authenticated],
  ['client', q('SELECT 1; SELECT 2')],
  ['backend', Buffer.concat([wire.described, wire.row('1'), done('SELECT 1'), wire.notification, ready()])],
  ['backend', Buffer.concat([wire.notice, wire.notification])],
  ['client', Buffer.concat([q('BEGIN'), batch('INSERT INTO t VALUES ($1)', 's', 'x'.repeat(1500)), q('COMMIT')])],
  ['backend', Buffer.concat([done('BEGIN'), ready('T'), batchDone('INSERT 0 1', 'T'), done('COMMIT'), ready()])],
  ['client', Buffer.concat([parse('BEGIN'), bind(), execute(), parse('SELECT 1'), bind(), wire.describe('P'), flush])],
  ['backend', Buffer.concat([wire.parsed, wire.bound, done('BEGIN'), wire.parsed, wire.bound, wire.described])],
  ['client', Buffer.concat([execute(), flush, wire.close('P'), sync])],
  ['backend', Buffer.concat([wire.row('1'), done('SELECT 1'), message('3'), ready('T')])],
  ['client', q('COPY t FROM STDIN')],
  ['backend', wire.copyIn],
  ['client', Buffer.concat([wire.copyData('1\n'), wire.copyData('2\n'), wire.copyDone])],
  ['backend', Buffer.concat([done('COPY 2'), ready('T')])],
  ['client', batch('COPY t FROM STDIN')],
  ['backend', Buffer.concat([wire.parsed, wire.bound, wire.noData, wire.copyIn])],
  ['client', Buffer.concat([wire.copyData('1\n'), wire.copyDone, sync, q('ROLLBACK')])],
  ['backend', Buffer.concat([done('COPY 1'), ready('T'), done('ROLLBACK'), ready()])],
  ['client', message('X')],
];

function trace(cut: (bytes: Buffer) => readonly Buffer[], faulty: boolean): EngineTrace {
  const result = new EngineTrace(new PostgresCodec(), ({ operation }) =>
    faulty && operation === 'INSERT' ? 'forwarded' : undefined,
  );
  for (const [side, bytes] of CONVERSATION) for (const piece of cut(bytes)) result[side](piece);
  return result;
}

function pieces(bytes: Buffer, size: () => number): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + size();
    found.push(bytes.subarray(at, end));
    at = end;
  }
  return found;
}

test('finds the same wherever the bytes are cut', () => {
  const sizes = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(sizes, fc.boolean(), (list, faulty) => {
      let turn = 0;
      const cut = trace((bytes) => pieces(bytes, () => list[turn++ % list.length] ?? 1), faulty);
      const whole = trace((bytes) => [bytes], faulty);
      expect(cut.events).toEqual(whole.events);
      expect(cut.sentTo('backend')).toBe(whole.sentTo('backend'));
      expect(cut.sentTo('client')).toBe(whole.sentTo('client'));
    }),
    { numRuns: 60 },
  );
});

test('passes every byte on, byte by byte, and leaves nothing unanswered', () => {
  const cut = trace((bytes) => pieces(bytes, () => 1), false);
  const sent = (side: Side) => Buffer.concat(CONVERSATION.filter(([from]) => from === side).map(([, bytes]) => bytes));
  expect(cut.sentTo('backend')).toBe(sent('client').toString('latin1'));
  expect(cut.sentTo('client')).toBe(sent('backend').toString('latin1'));
  expect(cut.waiting).toBe(0);
  expect(cut.events.filter((event) => event.endsWith('opaque'))).toEqual([]);
});

/** Bytes that look like the protocol often enough to get far. */
const NOISE = fc.oneof(
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(fc.constantFrom(...'QPBDECSHFdcfXpZTCEGHN123nsAKR'), fc.uint8Array({ maxLength: 40 }))
    .map(([type, payload]) => message(type, Buffer.from(payload))),
  fc.constantFrom(...CONVERSATION.map(([, bytes]) => bytes), q('COMMIT'), q('ROLLBACK'), batch('COMMIT', 'c'), flush),
);

test('takes any bytes from either side, with faults or without', () => {
  const act = fc.tuple(fc.constantFrom<Side>('client', 'backend'), NOISE, fc.nat(60));
  const fate = fc.constantFrom('before', 'forwarded', undefined);
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), fc.boolean(), fc.array(fate), (acts, started, fates) => {
      let request = 0;
      const fuzzed = new EngineTrace(new PostgresCodec(), () => fates[request++]);
      if (started) fuzzed.client(wire.startup).backend(wire.authenticated);
      // The trace throws when a step makes no progress.
      for (const [side, bytes, at] of acts) fuzzed[side](bytes.subarray(0, at))[side](bytes.subarray(at));
    }),
    { numRuns: 3000 },
  );
});

test('time grows with the bytes, not faster, however they are cut', () => {
  const query = q(`SELECT ${'/* '.repeat(300)}${'x'.repeat(400_000)}`);
  const result = new EngineTrace(new PostgresCodec()).client(wire.startup).backend(wire.authenticated);
  const before = process.cpuUsage().user;
  for (const piece of pieces(query, () => 1)) result.client(piece);
  expect(result.events.at(-1)).toContain('client complete');
  // Quadratic time would be minutes; µs of this process, which others may slow down but not add to.
  expect(process.cpuUsage().user - before).toBeLessThan(8_000_000);
});
