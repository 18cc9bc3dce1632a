import type { SidecarMessage } from '@loads/core';
import { expect, test } from 'vitest';
import { Link } from './link.ts';
import { planOf } from './plan.test.fixture.ts';
import { FakeScenario } from './scenario.test.fixture.ts';

const HELLO: SidecarMessage = {
  type: 'plan',
  run: 'r1',
  node: 1,
  process: 1,
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

test('whoever comes before there is a greeting waits for it, and nobody is taken beside the one process', async () => {
  await using link = await Link.open();
  await using early = await FakeScenario.connect(link.address);
  link.greet(HELLO);
  expect(await early.next('plan')).toEqual(HELLO);
  await using other = await FakeScenario.connect(link.address);
  other.send({ type: 'ready', setup: 'not mine' });
  await other.closed;
  early.send({ type: 'ready', setup: 'mine' });
  expect(await link.ready).toBe('mine');
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

test('several processes are greeted in turn, and are ready, begun and done when all are', async () => {
  await using link = await Link.open();
  link.greet(HELLO, { ...HELLO, process: 2, statsd: '127.0.0.1:2' });
  await using first = await FakeScenario.connect(link.address);
  expect(await first.next('plan')).toMatchObject({ process: 1 });
  await using second = await FakeScenario.connect(link.address);
  expect(await second.next('plan')).toMatchObject({ process: 2, statsd: '127.0.0.1:2' });

  second.send({ type: 'ready', setup: undefined });
  first.send({ type: 'ready', setup: { token: 't' } });
  expect(await link.ready).toEqual({ token: 't' });
  link.sendTo(2, { type: 'ack', lines: 7 });
  expect(await second.next('ack')).toEqual({ type: 'ack', lines: 7 });
  first.send({ type: 'started', atMs: 7 }, { type: 'done', report: REPORT });
  second.send({ type: 'started', atMs: 9 }, { type: 'done', report: { ...REPORT, emitted: 3, interrupted: 1 } });
  expect(await link.done).toEqual({ emitted: 8, interrupted: 1, errors: [] });
  expect(link.startedAtMs).toBe(9);
});

test('one of several processes that goes without a last word is the end', async () => {
  await using link = await Link.open();
  link.greet(HELLO, { ...HELLO, process: 2 });
  await using first = await FakeScenario.connect(link.address);
  await using second = await FakeScenario.connect(link.address);
  await Promise.all([first.next('plan'), second.next('plan')]);
  first.send({ type: 'done', report: REPORT });
  second.vanish();
  await link.closed;
  expect(await Promise.race([link.done, Promise.resolve('not done')])).toBe('not done');
});

test('a variable that one process sets reaches the others, also those that come later, and its failure stops all', async () => {
  await using link = await Link.open();
  link.greet(HELLO, { ...HELLO, process: 2 }, { ...HELLO, process: 3 });
  await using first = await FakeScenario.connect(link.address);
  await using second = await FakeScenario.connect(link.address);
  await Promise.all([first.next('plan'), second.next('plan')]);
  first.send({ type: 'variable', name: 'token', value: ['ä'] });
  expect(await second.next('variable')).toEqual({ type: 'variable', name: 'token', value: ['ä'] });
  await using third = await FakeScenario.connect(link.address);
  expect(await third.next('variable')).toEqual({ type: 'variable', name: 'token', value: ['ä'] });
  second.send({ type: 'failing' });
  expect(await first.next('stop')).toEqual({ type: 'stop', graceful: true });
});

test('what blocks a process may be said by somebody else, who is heard no further', async () => {
  await using link = await greeting();
  await using scenario = await FakeScenario.connect(link.address);
  await scenario.next('plan');
  await using watcher = await FakeScenario.connect(link.address);
  const error = { scenario: '(event loop)', failure: 'blocked', message: 'at shop.ts:5:3', count: 1 };
  watcher.send({ type: 'blocked', error }, { type: 'ready', setup: 'not from here' });
  await watcher.closed;
  expect(link.blocked).toEqual([error]);
  expect(await Promise.race([link.ready, Promise.resolve('never ready')])).toBe('never ready');
});

test('what the setup gave is told before all are ready, and to those that come later', async () => {
  await using link = await Link.open();
  link.greet(HELLO, { ...HELLO, process: 2 });
  await using scenario = await FakeScenario.connect(link.address);
  scenario.send({ type: 'setup', setup: { token: 't' } });
  expect(await link.setup).toEqual({ token: 't' });
  link.send({ type: 'data', setup: { token: 't' } });
  expect(await scenario.next('data')).toEqual({ type: 'data', setup: { token: 't' } });
  await using later = await FakeScenario.connect(link.address);
  expect(await later.next('data')).toEqual({ type: 'data', setup: { token: 't' } });
});

test('how a process ended is told by the one that had started it', async () => {
  await using link = await greeting();
  await using scenario = await FakeScenario.connect(link.address);
  scenario.send({ type: 'lost', end: { signal: 'SIGKILL' } }, { type: 'lost', end: { code: 1 } });
  expect(await link.lostProcess).toEqual({ signal: 'SIGKILL' });
});

test('a stop reaches those that come later, too, and it is told when all that came are gone', async () => {
  await using link = await Link.open();
  link.greet(HELLO, { ...HELLO, process: 2 });
  await using scenario = await FakeScenario.connect(link.address);
  await scenario.next('plan');
  link.send({ type: 'stop', graceful: true });
  await using later = await FakeScenario.connect(link.address);
  expect(await later.next('stop')).toEqual({ type: 'stop', graceful: true });
  expect(link.joined).toBe(2);
  const error = { code: 'ERR_STOPPED', message: 'stopped before the run had begun' };
  scenario.send({ type: 'failed', error });
  later.send({ type: 'failed', error: { code: 'ERR_SETUP', message: 'no' } });
  later.vanish();
  await link.closed;
  expect(await Promise.race([link.gone, Promise.resolve('not all')])).toBe('not all');
  scenario.vanish();
  await link.gone;
  expect(link.failures.map(({ code }) => code).sort()).toEqual(['ERR_SETUP', 'ERR_STOPPED']);
});
