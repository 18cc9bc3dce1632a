import { expect, test } from 'vitest';
import { dial, rule, startBackend, startTestProxy } from '../../proxy/peers.test.support.ts';

const ANSWERS: Readonly<Record<string, string>> = { MULTI: '+OK', DISCARD: '+OK', GET: '$1\r\n1' };

test('an error of EXEC has the server discard the transaction, and the connection goes on', async () => {
  const seen: string[] = [];
  await using backend = await startBackend((peer) => {
    peer.socket.on('data', (chunk: Buffer) => {
      const words = chunk.toString().match(/[A-Z]{3,}/g) ?? [];
      seen.push(...words);
      peer.send(words.map((word) => `${ANSWERS[word] ?? '+QUEUED'}\r\n`).join(''));
    });
  });
  const bad = { ...rule('bad', 'error'), match: { operation: 'EXEC' } };
  await using served = await startTestProxy('redis', backend.address, [bad]);
  const client = await dial(served.proxy.address);
  client.send('MULTI\r\nINCR a\r\nEXEC\r\nGET a\r\n');
  await client.untilHas('$1\r\n1\r\n');
  expect(client.text).toMatch(/^\+OK\r\n\+QUEUED\r\n-EXECABORT [^\r]*0-web-1-2\r\n\$1\r\n1\r\n$/);
  expect(seen).toEqual(['MULTI', 'INCR', 'DISCARD', 'GET']);
  expect(served.faults).toMatchObject([{ operation: 'EXEC', point: 'before' }]);
});
