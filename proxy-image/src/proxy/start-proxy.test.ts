import { LoadsError } from '@loads/core';
import { expect, test } from 'vitest';
import { dial, rule, startBackend, startEcho, startTestProxy } from './peers.test.support.ts';

test('a port that is taken is an error that says so', async () => {
  await using backend = await startEcho();
  const failure = startTestProxy('tcp', backend.address, [], { listen: backend.address });
  await expect(failure).rejects.toMatchObject({ code: 'ERR_PORT_IN_USE', message: expect.stringContaining("'web'") });
});

test.each([
  ['a protocol that is not known', 'gopher', [], {}],
  ['a behavior that is not known', 'tcp', [{ name: 'x', behaviors: [{ percent: 1, behavior: 'x', options: {} }] }], {}],
  ['an address that is not here', 'tcp', [], { listen: { host: '192.0.2.1' } }],
])('%s is an error of the configuration', async (_, protocol, rules, more) => {
  const failure = startTestProxy(protocol, { host: '127.0.0.1', port: 1 }, rules, more);
  await expect(failure).rejects.toThrow(LoadsError);
  await expect(failure).rejects.toMatchObject({ code: 'ERR_CONFIG' });
});

test('a rule that is not known leaves the rules in force as they were', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address, [rule('dark', 'blackout')]);
  const bad = { name: 'x', behaviors: [{ percent: 1, behavior: 'x', options: {} }] };
  expect(() => served.proxy.setRules([bad])).toThrow("rule 'x': there is no behavior 'x'");
  expect(await (await dial(served.proxy.address)).outcome).toBe('rst');
});

test('closing drops connections and frees the port', async () => {
  await using backend = await startBackend(() => {});
  const served = await startTestProxy('tcp', backend.address);
  const { address } = served.proxy;
  const client = await dial(address);
  const server = await backend.accepted(1);
  await Promise.all([served.proxy.close(), client.outcome, server.outcome]);
  await served.proxy.close();
  await using again = await startTestProxy('tcp', backend.address, [], { listen: address });
  expect(again.proxy.address).toEqual(address);
});

test('nothing of a session is left after its connections are gone', async () => {
  await using backend = await startEcho();
  await using served = await startTestProxy('tcp', backend.address, [rule('slow', 'delay', { sleep: '1h' })]);
  const clients = await Promise.all(Array.from({ length: 20 }, () => dial(served.proxy.address)));
  for (const client of clients) client.send('x');
  await expect.poll(() => served.faults.length).toBe(20);
  expect(served.proxy.stats).toMatchObject({ connectionsOpen: 20, connectionsAccepted: 20 });
  for (const client of clients) client.socket.resetAndDestroy();
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
});
