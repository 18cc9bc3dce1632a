import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dial, rule, startBackend, startTestProxy } from '../../proxy/peers.test.support.ts';
import { answerTo, LINE, requestsIn, SERIAL, sendInPieces, startLineBackend } from './line-protocol.test.fixture.ts';

const request = fc.oneof(
  fc.nat(99).map((n) => `GO ${n}\n`),
  fc.nat(2000).map((n) => `DATA ${n}\n${'\n'.repeat(n)}`),
  fc.integer({ min: 1, max: 2000 }).map((n) => `GET ${n}\n`),
  fc.nat(9).map((n) => `!NOTE ${n}\n`),
  fc.constant('LOGIN\n'),
  fc.constantFrom('SKIP 1\n', 'SWAP 2\n'),
);
const pipeline = fc.array(request, { minLength: 1, maxLength: 30 });

/** Faults after which the connection goes on, each on about an eighth of the requests. */
const rules = [
  rule('before', 'error', {}, 15),
  rule('forwarded', 'error', { point: 'forwarded' }, 15),
  rule('slow', 'delay', { sleep: 0 }, 15),
  rule('late', 'delay', { sleep: 0, before: false }, 15),
];

test.each([LINE, SERIAL])(
  '%s: any pipeline, cut anywhere, gets one answer to each request, in order, under any faults',
  async (protocol) => {
    const seen = { passed: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(
        pipeline,
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 400 }),
        fc.nat(),
        async (requests, cuts, backendCuts, seed) => {
          await using backend = await startLineBackend(backendCuts);
          await using served = await startTestProxy(protocol, backend.address, rules, { seed });
          const client = await dial(served.proxy.address);
          await sendInPieces(client, requests.join(''), cuts);
          client.socket.end();
          expect(await client.outcome).toBe('fin');

          const faults = new Map(served.faults.map((fault) => [fault.request, fault]));
          expect(faults.size).toBe(served.faults.length);
          let judged = 0;
          const [answers, forwarded]: [string[], string[]] = [[], []];
          for (const one of requests) {
            const replaced = /^SKIP|^SWAP/.test(one);
            const fault = replaced || one.startsWith('LOGIN') ? undefined : faults.get(++judged);
            const failed = fault?.behavior === 'error';
            seen[failed ? 'failed' : 'passed']++;
            const oneWay = one.startsWith('!');
            if (oneWay) expect(['forwarded', 'late']).not.toContain(fault?.rule);
            if (fault?.rule !== 'before' && !one.startsWith('SKIP')) forwarded.push(one.replace('SWAP', 'SWAPPED'));
            if (!oneWay) answers.push(failed ? `ERR ${fault.id}\n` : replaced ? 'INSTEAD\n' : answerTo(one));
          }
          expect(client.text).toBe(answers.join(''));
          expect(requestsIn(backend.peers[0]?.text ?? '')).toEqual(forwarded);
        },
      ),
      { numRuns: 80 },
    );
    expect(seen.failed).toBeGreaterThan(seen.passed / 10);
  },
);

test('any bytes of either side pass unchanged, whatever they look like', async () => {
  const token = fc.constantFrom(
    'GO\n',
    'DATA 5\n',
    '!NO\n',
    'RAW\n',
    'SW',
    '\n',
    '* hi\n',
    '?\n',
    'OK\n',
    'BULK 3\n',
    '',
  );
  const noise = fc.array(token, { maxLength: 12 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(noise, noise, fc.integer({ min: 1, max: 9 }), fc.boolean(), async (up, down, cuts, held) => {
      await using backend = await startBackend((peer) => peer.socket.once('data', () => peer.socket.end(down)));
      const slow = held
        ? [rule('slow', 'delay', { sleep: 0 }, 50), rule('late', 'delay', { sleep: 0, before: false })]
        : [];
      await using served = await startTestProxy(LINE, backend.address, slow);
      const client = await dial(served.proxy.address);
      await sendInPieces(client, up, cuts);
      client.socket.end();
      expect(await client.outcome).toBe('fin');
      expect(client.text).toBe(up === '' ? '' : down);
      await backend.peers[0]?.outcome;
      expect(backend.peers[0]?.text ?? '').toBe(up);
    }),
    { numRuns: 150 },
  );
});
