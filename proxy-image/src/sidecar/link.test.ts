import type { SidecarMessage } from '@loads/core';
import { expect, test } from 'vitest';
import { Link } from './link.ts';
import { planOf } from './plan.test.fixture.ts';
import { FakeScenario } from './scenario.test.fixture.ts';

const HELLO: SidecarMessage = {
  type: 'plan',
  run: 'r1',
  node: 1,
  plan: planOf(),
  statsd: '127.0.0.1:1',
  proxies: { web: '127.0.0.1:2' },
};
const REPORT = { emitted: 5, interrupted: 0, errors: [] };

async function greeting(): Promise<Link> {
  const link = await Link.open();
  link.greet(HELLO);
  return link;
}

test('the scenario process is greeted with the plan, and what it says is heard', async () => {
  await using link = await greeting();
  await using scenario = await FakeScenario.connect(link.address);
  expect(await scenario.next('plan')).toEqual(HELLO);

  scenario.send({ type: 'ready', setup: { token: 'ä' } });
  expect(await link.ready).toEqual({ token: 'ä' });
  link.send({ type: 'start', atMs: 5, setup: { token: 'ä' } });
  expect(await scenario.next('start')).toMatchObject({ atMs: 5 });
  expect(link.startedAtMs).toBeUndefined();
  scenario.send({ type: 'started', atMs: 7 }, { type: 'done', report: REPORT });
  expect(await link.done).toEqual(REPORT);
  expect(link.startedAtMs).toBe(7);
  scenario.vanish();
  await link.closed;
});

test('a scenario process that cannot start says why', async () => {
  await using link = await greeting();
  await using scenario = await FakeScenario.connect(link.address);
  scenario.send({ type: 'failed', error: { code: 'ERR_SETUP', message: 'no' } });
  expect(await link.failed).toEqual({ code: 'ERR_SETUP', message: 'no' });
});

test('nobody is taken before the greeting is set, nor beside the one process that there is', async () => {
  await using link = await Link.open();
  await using early = await FakeScenario.connect(link.address);
  await early.closed;
  link.greet(HELLO);
  await using scenario = await FakeScenario.connect(link.address);
  await scenario.next('plan');
  await using second = await FakeScenario.connect(link.address);
  await second.closed;
  link.send({ type: 'ack', lines: 3 });
  expect(await scenario.next('ack')).toEqual({ type: 'ack', lines: 3 });
});

test.each(['GET / HTTP/1.1\r\n', 'null\n', '{"type":\n', '{}\n'])(
  'who says %j is cut off, and heard no more',
  async (garbage) => {
    await using link = await greeting();
    await using scenario = await FakeScenario.connect(link.address);
    scenario.write(`${garbage}{"type":"ready","setup":1}\n`);
    await scenario.closed;
    await link.closed;
    expect(await Promise.race([link.ready, Promise.resolve('never ready')])).toBe('never ready');
  },
);

test('a message of a type that is unknown is nothing, and not the end', async () => {
  await using link = await greeting();
  await using scenario = await FakeScenario.connect(link.address);
  scenario.write('{"type":"hello"}\n');
  scenario.send({ type: 'ready', setup: 1 });
  await link.ready;
  expect(await Promise.race([link.done, Promise.resolve('not done')])).toBe('not done');
});

test('what is sent to nobody, or to a process that has gone, is no error', async () => {
  await using link = await greeting();
  link.send({ type: 'ack', lines: 1 });
  await using scenario = await FakeScenario.connect(link.address);
  await scenario.next('plan');
  scenario.vanish();
  await link.closed;
  link.send({ type: 'ack', lines: 2 });
});

test('closing the link ends the scenario process', async () => {
  const link = await greeting();
  await using scenario = await FakeScenario.connect(link.address);
  await scenario.next('plan');
  await link[Symbol.asyncDispose]();
  await scenario.closed;
});
