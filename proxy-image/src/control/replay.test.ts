import { LoadsError } from '@loads/core';
import { expect, test } from 'vitest';
import type { FaultEvent } from '../proxy/fault-event.ts';
import { dial, get, rule, startHttpBackend, startTestProxy } from '../proxy/peers.test.support.ts';
import type { Rule } from '../proxy/rule.ts';
import { replayRules } from './replay.ts';

/** What 200 requests on one connection suffer under these rules, and what the client gets. */
async function run(rules: readonly Rule[]): Promise<{ faults: readonly FaultEvent[]; text: string }> {
  await using backend = await startHttpBackend();
  await using served = await startTestProxy('http', backend.address, rules);
  const client = await dial(served.proxy.address);
  client.send(get('/').repeat(200));
  const text = await client.until((all) => all.split('HTTP/1.1 ').length - 1 === 200);
  return { faults: [...served.faults], text: text ?? client.text };
}

const told = ({ rule: name, behavior, connection, request }: FaultEvent): unknown => ({
  name,
  behavior,
  connection,
  request,
});

test('a recorded run of faults repeats on the same requests, and strikes no others', async () => {
  const first = await run([
    rule('some', 'error', { code: 503, warmup: 3 }, 10),
    rule('others', 'delay', { sleep: 0 }, 10),
  ]);
  expect(first.faults.length).toBeGreaterThan(10);
  const log = first.faults.map((fault) => JSON.stringify(fault)).join('\n');
  const proxy = first.faults[0]?.proxy ?? '';
  const second = await run(replayRules(log, 'faults.ndjson').get(proxy) ?? []);
  expect(second.faults.map(told)).toEqual(first.faults.map(told));
});

test.each([
  ['{"proxy":"web"', 'expected a fault'],
  ['{"proxy":"web"}', 'no recorded fault'],
  ['[]', 'no recorded fault'],
])('%s is refused with its line', (line, message) => {
  expect(() => replayRules(`\n${line}\n`, 'faults.ndjson')).toThrow(LoadsError);
  expect(() => replayRules(`\n${line}\n`, 'faults.ndjson')).toThrow(`faults.ndjson:2: ${message}`);
});
