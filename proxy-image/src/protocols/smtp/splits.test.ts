import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngineTrace, type Side } from '../engine-trace.test.support.ts';
import { SmtpCodec } from './smtp-codec.ts';

/** A connection with everything in it, in turns. */
const CONVERSATION: readonly (readonly [Side, string])[] = [
  ['backend', '220-mail\r\n220 ESMTP\r\n'],
  ['client', 'EHLO me\r\n'],
  ['backend', '250-mail\r\n250-PIPELINING\r\n250 CHUNKING\r\n'],
  ['client', 'AUTH LOGIN\r\n'],
  ['backend', '334 VXNlcm5hbWU6\r\n'],
  ['client', 'YW5u\r\n'],
  ['backend', '334 UGFzc3dvcmQ6\r\n'],
  ['client', 'c2VjcmV0\r\n'],
  ['backend', '235 ok\r\n'],
  ['client', `MAIL FROM:<a@a>\r\nRCPT TO:<b@b>\r\nRCPT TO:<${'c'.repeat(1500)}@b>\r\nDATA\r\n`],
  ['backend', '250 ok\r\n250 ok\r\n550-5.1.1 no\r\n550 5.1.1 no\r\n354\r\n'],
  ['client', 'a\r\n..\r\n.\r\r\n\r.\r\n\n.\r\n\r\n.b\r\n.\r\n'],
  ['backend', '250 queued\r\n'],
  ['client', '\r\nRSET\nMAIL FROM:<a@a>\r\nBDAT 7\r\n\r\n.\r\nabBDAT 0 LAST\r\nDATA\r\n'],
  ['backend', '500 what\r\n250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n'],
  ['client', '.\r\nQUIT\r\n'],
  ['backend', '250 queued\r\n221 bye\r\n'],
];

function trace(cut: (bytes: Buffer) => readonly Buffer[], faulty: boolean): EngineTrace {
  const result = new EngineTrace(new SmtpCodec(), ({ operation }) =>
    faulty && (operation === 'RCPT' || operation === 'BDAT') ? 'forwarded' : undefined,
  );
  for (const [side, text] of CONVERSATION) for (const piece of cut(Buffer.from(text))) result[side](piece);
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
  const sizes = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 20 })), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(sizes, fc.boolean(), (list, faulty) => {
      let turn = 0;
      const cut = trace((bytes) => pieces(bytes, () => list[turn++ % list.length] ?? 1), faulty);
      const whole = trace((bytes) => [bytes], faulty);
      expect(cut.events).toEqual(whole.events);
      expect(cut.sentTo('backend')).toBe(whole.sentTo('backend'));
      expect(cut.sentTo('client')).toBe(whole.sentTo('client'));
    }),
    { numRuns: 100 },
  );
});

test('passes every byte on, byte by byte, and leaves nothing unanswered', () => {
  const cut = trace((bytes) => pieces(bytes, () => 1), false);
  const sent = (side: Side) => CONVERSATION.flatMap(([from, text]) => (from === side ? [text] : [])).join('');
  expect(cut.sentTo('backend')).toBe(sent('client'));
  expect(cut.sentTo('client')).toBe(sent('backend'));
  expect(cut.waiting).toBe(0);
  expect(cut.events.filter((event) => event.endsWith('opaque'))).toEqual([]);
});

/** Bytes that look like the protocol often enough to get far. */
const NOISE = fc.oneof(
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      ...CONVERSATION.map(([, text]) => text),
      '354 go\r\n',
      '334 \r\n',
      '250 ok\r\n',
      'DATA\r\n',
      'AUTH PLAIN\r\n',
    )
    .map((text) => Buffer.from(text)),
);

test('takes any bytes from either side, with faults or without', () => {
  const act = fc.tuple(fc.constantFrom<Side>('client', 'backend'), NOISE, fc.nat(60));
  const fate = fc.constantFrom('before', 'forwarded', undefined);
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), fc.array(fate), (acts, fates) => {
      let request = 0;
      const fuzzed = new EngineTrace(new SmtpCodec(), () => fates[request++]).backend('220 mail\r\n');
      // The trace throws when a step makes no progress.
      for (const [side, bytes, at] of acts) fuzzed[side](bytes.subarray(0, at))[side](bytes.subarray(at));
    }),
    { numRuns: 3000 },
  );
});

test('time grows with the bytes, not faster, however they are cut', () => {
  const result = new EngineTrace(new SmtpCodec()).backend('220 mail\r\n').client('DATA\r\n').backend('354 go\r\n');
  const before = process.cpuUsage().user;
  for (const piece of pieces(Buffer.from(`${'\r\n.\r'.repeat(100_000)}\r\n.\r\n`), () => 1)) result.client(piece);
  expect(result.events.at(-1)).toContain('client complete');
  // Quadratic time would be minutes; µs of this process, which others may slow down but not add to.
  expect(process.cpuUsage().user - before).toBeLessThan(8_000_000);
});
