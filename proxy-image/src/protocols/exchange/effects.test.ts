import { expect, test } from 'vitest';
import { dial, rule, startTestProxy } from '../../proxy/peers.test.support.ts';
import type { Rule } from '../../proxy/rule.ts';
import { answerTo, LINE, requestsIn, SERIAL, sendInPieces, startLineBackend } from './line-protocol.test.fixture.ts';

type Expected = {
  /** How the connection ends, after the answer to the request that is hit. */
  readonly outcome: 'open' | 'fin' | 'rst';
  /** What the client gets in the place of the answer. */
  readonly answer: (answer: string) => RegExp | string;
  /** Whether the backend gets the request. */
  readonly asked: boolean;
  readonly point: 'before' | 'forwarded' | 'none';
  /** A request without an answer is not touched. */
  readonly needsAnswer?: boolean;
};

const PASSED = { outcome: 'open', answer: (answer: string) => answer, asked: true } as const;
const ERROR = /^ERR 0-web-1-\d\n$/;
/** ms. */
const POLL = { interval: 2 };
const NOTHING = (): string => '';

const EFFECTS: readonly (readonly [string, string, Record<string, unknown>, Expected])[] = [
  ['pass', 'dummy', {}, { ...PASSED, point: 'none' }],
  ['hold the request', 'delay', { sleep: '10ms' }, { ...PASSED, point: 'forwarded' }],
  ['hold the answer', 'delay', { sleep: '10ms', before: false }, { ...PASSED, point: 'forwarded', needsAnswer: true }],
  ['answer', 'error', {}, { outcome: 'open', answer: () => ERROR, asked: false, point: 'before' }],
  [
    'answer a forwarded request',
    'error',
    { point: 'forwarded' },
    { outcome: 'open', answer: () => ERROR, asked: true, point: 'forwarded', needsAnswer: true },
  ],
  ['answer and end', 'error', { code: 'bye' }, { outcome: 'fin', answer: () => ERROR, asked: false, point: 'before' }],
  [
    'answer without an error to give',
    'error',
    { code: 'none' },
    { outcome: 'rst', answer: NOTHING, asked: false, point: 'before' },
  ],
  [
    'corrupt',
    'error',
    { inject: 2 },
    {
      outcome: 'open',
      answer: (answer) => new RegExp(`^(?!${answer})OK .{${answer.length - 3}}$`, 's'),
      asked: true,
      point: 'forwarded',
      needsAnswer: true,
    },
  ],
  ['silence', 'hang', { max: '10ms' }, { outcome: 'rst', answer: NOTHING, asked: false, point: 'before' }],
  ['reset', 'blackout', {}, { outcome: 'rst', answer: NOTHING, asked: false, point: 'before' }],
  ['end', 'blackout', { mode: 'fin' }, { outcome: 'fin', answer: NOTHING, asked: false, point: 'before' }],
  ['abort', 'abort', {}, { outcome: 'fin', answer: NOTHING, asked: true, point: 'forwarded' }],
  [
    'abort within the answer',
    'abort',
    { after: 4 },
    { outcome: 'fin', answer: (answer) => answer.slice(0, 4), asked: true, point: 'forwarded' },
  ],
  [
    'abort after the answer',
    'abort',
    { after: 1000 },
    { outcome: 'fin', answer: (answer) => answer, asked: true, point: 'forwarded' },
  ],
];

/** The rule hits one word only. */
function hitting(operation: string, behavior: string, options: Record<string, unknown>): Rule {
  return { ...rule('it', behavior, options), match: { operation } };
}

const BODY = 'DATA 200000\n'.concat('b'.repeat(200_000));
const PIPELINES: readonly (readonly [string, readonly string[], string, number])[] = [
  ['alone', ['HIT x\n'], 'HIT', 1000],
  ['byte by byte', ['HIT x\n'], 'HIT', 1],
  ['behind others', ['GO 1\n', 'GO 2\n', 'HIT x\n'], 'HIT', 1000],
  ['before others', ['HIT x\n', 'GO 1\n', 'GO 2\n'], 'HIT', 1000],
  ['among others', ['GO 1\n', 'HIT x\n', 'GO 2\n'], 'HIT', 1000],
  ['among others, byte by byte', ['GO 1\n', 'HIT x\n', 'GO 2\n'], 'HIT', 1],
  ['with a large body', ['GO 1\n', BODY, 'GO 2\n'], 'DATA', 30_000],
  ['one-way', ['!HIT\n'], '!HIT', 1000],
  ['one-way, among others', ['GO 1\n', '!HIT\n', 'GO 2\n'], '!HIT', 1000],
];

for (const protocol of [LINE, SERIAL]) {
  for (const [name, pipeline, word, size] of PIPELINES) {
    test.each(EFFECTS)(`${protocol}, ${name}: %s`, async (_, behavior, options, expected) => {
      await using backend = await startLineBackend();
      await using served = await startTestProxy(protocol, backend.address, [hitting(word, behavior, options)]);
      const client = await dial(served.proxy.address);
      await sendInPieces(client, pipeline.join(''), size);

      const at = pipeline.findIndex((request) => request.startsWith(word));
      const hit = pipeline[at] ?? '';
      const oneWay = hit.startsWith('!');
      const untouched = oneWay && (expected.needsAnswer === true || options.code === 'none' || options.code === 'bye');
      const swallowed = oneWay && behavior === 'error' && !expected.needsAnswer;
      const outcome = untouched || swallowed ? 'open' : expected.outcome;

      const before = pipeline.slice(0, at).map(answerTo).join('');
      const behind =
        outcome === 'open'
          ? pipeline
              .slice(at + 1)
              .map(answerTo)
              .join('')
          : '';
      if (outcome === 'open') {
        if (behind === '') client.send('LOGIN\n');
        await client.until((text) => text.endsWith(behind === '' ? 'OK LOGIN\n' : behind));
      } else {
        expect(await client.outcome).toBe(outcome);
      }
      const end = outcome === 'open' && behind === '' ? 'OK LOGIN\n' : behind;
      // A reset may overtake answers while the client is still sending.
      if (outcome === 'rst' && hit === BODY) expect(before).toContain(client.text);
      else expect(client.text.slice(0, before.length)).toBe(before);
      expect(client.text.endsWith(end)).toBe(true);
      const answer = client.text.slice(before.length, client.text.length - end.length);
      expect(answer).toMatch(oneWay ? /^$/ : exactly(expected.answer(answerTo(hit))));

      const asked = untouched && !swallowed ? true : expected.asked;
      const passed = pipeline.filter((_, i) => (i === at ? asked : outcome === 'open' || i < at));
      if (outcome === 'open' && behind === '') passed.push('LOGIN\n');
      const got = (): readonly string[] => requestsIn(backend.peers[0]?.text ?? '');
      if (passed.length > 0) await expect.poll(got, POLL).toEqual(passed);
      expect(backend.peers.length).toBe(passed.length > 0 ? 1 : 0);

      const silent = expected.point === 'none' || (oneWay && expected.needsAnswer);
      expect(served.faults.map(({ point, operation }) => [point, operation])).toEqual(
        silent ? [] : [[expected.point, word]],
      );
      client.socket.end();
      await expect.poll(() => served.proxy.stats.connectionsOpen, POLL).toBe(0);
    });
  }
}

function exactly(expected: RegExp | string): RegExp {
  return typeof expected === 'string' ? new RegExp(`^${expected}$`) : expected;
}
