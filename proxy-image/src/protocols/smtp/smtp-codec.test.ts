import { expect, test } from 'vitest';
import { EngineTrace } from '../engine-trace.test.support.ts';
import type { NativeError } from '../exchange/codec.ts';
import { SmtpCodec } from './smtp-codec.ts';

/** A connection that has been greeted, with what happened up to there forgotten. */
function greeted(fault?: ConstructorParameters<typeof EngineTrace>[1]): EngineTrace {
  const trace = new EngineTrace(new SmtpCodec(), fault).backend('220 mail ESMTP\r\n').client('EHLO me\r\n');
  trace.backend('250-mail\r\n250-PIPELINING\r\n250 CHUNKING\r\n');
  trace.events.length = 0;
  return trace;
}

/** What was found, without the offsets. */
function plain({ events }: EngineTrace): readonly string[] {
  return events.map((event) => event.replace(/^(\w+ [a-z ]*?) ?\d+/, '$1'));
}

test('the server speaks first, and its greeting may have several lines', () => {
  expect(new SmtpCodec().serverFirst).toBe(true);
  const trace = new EngineTrace(new SmtpCodec())
    .backend('220-mail\r\n220 ESMTP\r\n')
    .client('EHLO me\r\n')
    .backend('250 mail\r\n');
  expect(trace.events).toEqual([
    'backend unasked 21',
    'client head 9 EHLO',
    'client complete 9',
    'backend complete 31 EHLO',
  ]);
});

test('the greeting answers nothing, even when the client has not waited for it', () => {
  const trace = new EngineTrace(new SmtpCodec()).client('HELO me\r\n').backend('220 mail\r\n250 mail\r\n');
  expect(plain(trace).slice(-2)).toEqual(['backend unasked', 'backend complete HELO']);
});

test('pipelined commands are answered in order, and no argument is told', () => {
  const trace = greeted().client('mail FROM:<ann@a>\r\nRCPT TO:<bob@b>\r\nRCPT TO:<eve@b>\r\nDATA\r\n');
  trace.backend('250 ok\r\n250-ok\r\n250 ok\r\n550 5.1.1 no\r\n354 go\r\n');
  expect(plain(trace).filter((event) => event.startsWith('backend'))).toEqual([
    'backend complete MAIL',
    'backend complete RCPT',
    'backend complete RCPT',
    'backend complete DATA',
  ]);
});

test('after 354 comes a message, up to its dot', () => {
  const trace = greeted().client('DATA\r\n').backend('354 go\r\n');
  trace
    .client('a\r\n..b\r\n.\n\r\n.c\r\n.\r')
    .client('\n')
    .backend('250 queued\r\n')
    .client('QUIT\r\n')
    .backend('221 bye\r\n');
  expect(plain(trace)).toEqual([
    'client head DATA',
    'client complete',
    'backend complete DATA',
    'client head DATA message',
    'client complete',
    'backend complete DATA message',
    'client head QUIT',
    'client complete',
    'backend complete QUIT',
  ]);
});

test('an empty message is its dot alone', () => {
  const trace = greeted().client('DATA\r\n').backend('354 go\r\n').client('.\r\nNOOP\r\n');
  expect(trace.requests.map(({ operation }) => operation)).toEqual(['EHLO', 'DATA', 'DATA message', 'NOOP']);
});

test('a DATA that is refused leaves the session at its commands', () => {
  const trace = greeted().client('DATA\r\n').backend('503 no\r\n').client('RSET\r\n');
  expect(plain(trace).at(-2)).toBe('client head RSET');
});

test('a chunk belongs to its BDAT, refused or not', () => {
  const trace = greeted().client('BDAT 12\r\nQUIT\r\nDATA\r\nbdat 0 last\r\nRSET\r\n');
  expect(plain(trace)).toEqual([
    'client head BDAT',
    'client complete',
    'client head BDAT',
    'client complete',
    'client head RSET',
    'client complete',
  ]);
  trace.backend('503 no\r\n503 no\r\n250 ok\r\n');
  expect(trace.waiting).toBe(0);
});

test.each(['BDAT\r\n', 'BDAT x\r\n', 'BDAT 5 FIRST\r\n', 'BDAT -1\r\n'])('%j has no chunk', (line) => {
  const trace = greeted().client(`${line}NOOP\r\n`);
  expect(trace.requests.map(({ operation }) => operation)).toEqual(['EHLO', 'BDAT', 'NOOP']);
});

test('answers to challenges are no commands, and no fault hits any of it', () => {
  const trace = greeted().client('AUTH LOGIN\r\n').backend('334 VXNlcm5hbWU6\r\n').client('YW5u\r\n');
  trace.backend('334 UGFzc3dvcmQ6\r\n').client('c2Vj').client('cmV0\r\n').backend('235 ok\r\n').client('NOOP\r\n');
  expect(plain(trace)).toEqual([
    'client head AUTH',
    'client complete',
    'client continued',
    'backend complete AUTH',
    'client head NOOP',
    'client complete',
  ]);
  expect(trace.requests[1]).toMatchObject({ operation: 'AUTH', judged: false });
});

test('an AUTH that fails leaves the session at its commands', () => {
  const trace = greeted().client('AUTH PLAIN AGFubgBubw==\r\n').backend('535 no\r\n').client('QUIT\r\n');
  expect(trace.requests.at(-1)).toMatchObject({ operation: 'QUIT', judged: false });
});

test('after STARTTLS the connection is opaque, unless it is refused', () => {
  const refused = greeted().client('STARTTLS\r\n').backend('454 no\r\n').client('NOOP\r\n');
  expect(refused.requests.at(-1)).toMatchObject({ operation: 'NOOP' });
  const trace = greeted().client('STARTTLS\r\n').backend('220 go\r\n').client(Buffer.from('160301', 'hex'));
  expect(plain(trace).slice(-2)).toEqual(['backend complete STARTTLS', 'client opaque']);
});

test.each(['c2VjcmV0\r\n', '\r\n', 'PASSWORD x\r\n', '\xff\0\r\n'])('%j is unknown, and does not show', (line) => {
  expect(greeted().client(line).requests.at(-1)).toMatchObject({ operation: 'UNKNOWN', judged: true });
});

test('a line without end is decided by its beginning', () => {
  const trace = greeted()
    .client(`VRFY ${'x'.repeat(3000)}`)
    .client('\r\n')
    .backend('500 too long\r\n');
  expect(trace.events).toEqual(['client head 1033 VRFY', 'client complete 3016', expect.stringContaining('VRFY')]);
});

test('a reply may be a code alone, and a line end a bare LF', () => {
  const trace = greeted().client('NOOP\nNOOP\nNOOP\n').backend('250\n250-a\n250\n250\r\n');
  expect(trace.waiting).toBe(0);
});

test('a server may take its leave unasked', () => {
  expect(plain(greeted().backend('421 timeout\r\n'))).toEqual(['backend unasked']);
});

test.each([
  ['what is no reply', (trace: EngineTrace) => trace.client('NOOP\r\n').backend('hello\r\n')],
  [
    'a reply to half a message',
    (trace: EngineTrace) => trace.client('DATA\r\n').backend('354\r\n').client('a\n.\n').backend('250\r\n'),
  ],
  [
    'a message that was sent ahead',
    (trace: EngineTrace) => trace.client('DATA\r\nhello\r\n').backend('354\r\n').client('x'),
  ],
  [
    'half a line ahead of its message',
    (trace: EngineTrace) => trace.client('DATA\r\nhel').backend('354\r\n').client('lo'),
  ],
  ['LMTP', (trace: EngineTrace) => trace.client('LHLO me\r\n')],
  ['TURN', (trace: EngineTrace) => trace.client('TURN\r\n').backend('250 ok\r\n').client('x')],
])('%s is opaque', (_, act) => {
  expect(act(greeted()).events.at(-1)).toMatch(/ opaque$/);
});

const ERROR: NativeError = { id: 'f7', code: undefined, message: undefined, draw: 0, atMs: 0 };
const DEFAULT_LINE = '451 4.3.0 Requested action aborted: local error in processing (fault f1)\r\n';
const CLOSING_LINE = '421 4.3.2 Service not available, closing transmission channel (fault f1)\r\n';

/** What the client was told after the EHLO. */
function told(trace: EngineTrace): string {
  return trace.sentTo('client').slice(trace.sentTo('client').indexOf('CHUNKING\r\n') + 10);
}

test('an error for a command leaves the connection as it is', () => {
  const trace = greeted(({ operation }) => (operation === 'RCPT' ? 'before' : undefined));
  trace
    .client('MAIL FROM:<a@a>\r\nRCPT TO:<b@b>\r\nDATA\r\n')
    .backend('250 ok\r\n503 5.5.1 RCPT first\r\n')
    .client('RSET\r\n');
  expect(trace.sentTo('backend')).toBe('EHLO me\r\nMAIL FROM:<a@a>\r\nDATA\r\nRSET\r\n');
  expect(told(trace)).toBe(`250 ok\r\n${DEFAULT_LINE}503 5.5.1 RCPT first\r\n`);
  expect(trace.closed).toBe(false);
});

test('an error in the place of DATA keeps the client from sending the message', () => {
  const trace = greeted(({ operation }) => (operation === 'DATA' ? 'before' : undefined)).client('DATA\r\nRSET\r\n');
  expect(trace.sentTo('backend')).toBe('EHLO me\r\nRSET\r\n');
  expect([told(trace), trace.closed]).toEqual([DEFAULT_LINE, false]);
});

test('a server that waits for a message that will not come is left', () => {
  const data = greeted(({ operation }) => (operation === 'DATA' ? 'forwarded' : undefined));
  data.client('DATA\r\n').backend('354 go\r\n');
  expect([told(data), data.closed]).toEqual([DEFAULT_LINE + CLOSING_LINE, true]);
  const message = greeted(({ operation }) => (operation === 'DATA message' ? 'before' : undefined));
  message.client('DATA\r\n').backend('354 go\r\n').client('hello\r\n');
  expect([told(message), message.closed]).toEqual(['354 go\r\n', false]);
  message.client('.\r\n');
  expect([told(message), message.closed]).toEqual([`354 go\r\n${DEFAULT_LINE}${CLOSING_LINE}`, true]);
  expect(message.sentTo('backend')).toBe('EHLO me\r\nDATA\r\n');
});

test('an error in the place of the answer to a message leaves it delivered', () => {
  const trace = greeted(({ operation }) => (operation === 'DATA message' ? 'forwarded' : undefined));
  trace.client('DATA\r\n').backend('354 go\r\n').client('hello\r\n.\r\n').backend('250 queued\r\n');
  expect([told(trace), trace.closed]).toEqual([`354 go\r\n${DEFAULT_LINE}`, false]);
});

test('after an error for a chunk no other one reaches the server until RSET', () => {
  let chunks = 0;
  const trace = greeted(({ operation }) => (operation === 'BDAT' && chunks++ === 0 ? 'before' : undefined));
  trace.client('BDAT 2\r\nabBDAT 2 LAST\r\ncdRSET\r\n').backend('250 ok\r\n').client('BDAT 2 LAST\r\nef');
  expect(trace.sentTo('backend')).toBe('EHLO me\r\nRSET\r\nBDAT 2 LAST\r\nef');
  expect(told(trace)).toBe(`${DEFAULT_LINE}503 5.5.1 A chunk of this message has failed, RSET first\r\n250 ok\r\n`);
});

test('after an error in the place of the last chunk’s answer the next message may come', () => {
  let chunks = 0;
  const trace = greeted(({ operation }) => (operation === 'BDAT' && chunks++ === 0 ? 'forwarded' : undefined));
  trace.client('BDAT 2 LAST\r\nab').backend('250 ok\r\n').client('MAIL FROM:<a@a>\r\nBDAT 2 LAST\r\ncd');
  expect(trace.sentTo('backend')).toContain('MAIL FROM:<a@a>\r\nBDAT 2 LAST\r\ncd');
});

test('421 ends the connection', () => {
  const codec = new SmtpCodec();
  const trace = new EngineTrace(codec).backend('220 mail\r\n').client('NOOP\r\n');
  const answers = trace.requests.map((request) => codec.errorFor(request, { ...ERROR, code: 421 }));
  expect(answers.map((answer) => [answer?.bytes.toString(), answer?.close])).toEqual([
    ['421 4.3.2 Service not available, closing transmission channel (fault f7)\r\n', true],
  ]);
});
