import { expect, test } from 'vitest';
import { LinkClient } from './link-client.ts';
import { briefOf, FakeSidecar, planOf } from './sidecar.test.fixture.ts';

const BRIEF = briefOf(planOf());
const REPORT = { emitted: 1, interrupted: 0, errors: [] };

test('the plan and the start arrive, and what the scenario process says too', async () => {
  await using sidecar = await FakeSidecar.open();
  await using link = await LinkClient.connect(sidecar.address);
  await sidecar.send(BRIEF, { type: 'start', atMs: 5, setup: { token: 'ä' } });
  expect(await link.brief).toEqual(BRIEF);
  expect(await link.start).toEqual({ type: 'start', atMs: 5, setup: { token: 'ä' } });
  link.send({ type: 'ready', setup: undefined });
  link.send({ type: 'started', atMs: 6 });
  expect(await sidecar.has(2)).toEqual([{ type: 'ready' }, { type: 'started', atMs: 6 }]);
});

test('a graceful stop lets iterations end, another one cuts them', async () => {
  await using sidecar = await FakeSidecar.open();
  await using link = await LinkClient.connect(sidecar.address);
  expect([link.stopped.aborted, link.cut.aborted]).toEqual([false, false]);
  await sidecar.send({ type: 'stop', graceful: true }, BRIEF);
  await link.brief;
  expect([link.stopped.aborted, link.cut.aborted]).toEqual([true, false]);
  await sidecar.send({ type: 'stop', graceful: false }, { type: 'start', atMs: 1, setup: 1 });
  await link.start;
  expect([link.stopped.aborted, link.cut.aborted]).toEqual([true, true]);
});

test('a message of a type that is unknown is no stop', async () => {
  await using sidecar = await FakeSidecar.open();
  await using link = await LinkClient.connect(sidecar.address);
  await sidecar.write('{"type":"hello"}\n');
  await sidecar.send(BRIEF);
  await link.brief;
  expect(link.stopped.aborted).toBe(false);
});

test('waits until the agent has received enough lines', async () => {
  await using sidecar = await FakeSidecar.open();
  await using link = await LinkClient.connect(sidecar.address);
  const waiting = link.received(100, 10_000);
  await sidecar.send({ type: 'ack', lines: 40 }, { type: 'ack', lines: 99 }, { type: 'ack', lines: 120 });
  expect(await waiting).toBe(120);
  expect(await link.received(120, 0)).toBe(120);
});

test('waits no longer than it is told, and not for a sidecar that has gone', async () => {
  await using sidecar = await FakeSidecar.open();
  await using link = await LinkClient.connect(sidecar.address);
  await sidecar.send({ type: 'ack', lines: 40 }, BRIEF);
  await link.brief;
  expect(await link.received(41, 10)).toBe(40);
  await sidecar.vanish();
  await link.lost;
  expect(await link.received(41, 60_000)).toBe(40);
});

test('a sidecar that goes before it was told the end is lost', async () => {
  await using sidecar = await FakeSidecar.open();
  await using link = await LinkClient.connect(sidecar.address);
  link.send({ type: 'ready', setup: 1 });
  await sidecar.has(1);
  await sidecar.vanish();
  await link.lost;
  // What is sent to nobody is no error.
  link.send({ type: 'started', atMs: 1 });
});

test.each([
  { type: 'done', report: REPORT } as const,
  { type: 'failed', error: { code: 'ERR_SETUP', message: 'no' } } as const,
])('a sidecar that goes after $type is not lost', async (last) => {
  await using sidecar = await FakeSidecar.open();
  const link = await LinkClient.connect(sidecar.address);
  link.send(last);
  expect(await sidecar.has(1)).toEqual([last]);
  await sidecar.vanish();
  await link[Symbol.asyncDispose]();
  expect(await Promise.race([link.lost, Promise.resolve('not lost')])).toBe('not lost');
});

test('a sidecar that talks nonsense is cut off, and lost', async () => {
  await using sidecar = await FakeSidecar.open();
  await using link = await LinkClient.connect(sidecar.address);
  await sidecar.write('HTTP/1.1 400 Bad Request\r\n');
  await link.lost;
});

test('a sidecar that is not there, and an address that is none, are errors with a code', async () => {
  const sidecar = await FakeSidecar.open();
  const { address } = sidecar;
  await sidecar[Symbol.asyncDispose]();
  await expect(LinkClient.connect(address)).rejects.toMatchObject({ code: 'ERR_NODE_START' });
  await expect(LinkClient.connect('nowhere')).rejects.toMatchObject({ code: 'ERR_NODE_START' });
});

test('a variable that came before anybody listened is told when somebody does', async () => {
  await using sidecar = await FakeSidecar.open();
  await using link = await LinkClient.connect(sidecar.address);
  await sidecar.send({ type: 'variable', name: 'token', value: 1 }, BRIEF);
  await link.brief;
  const heard: unknown[] = [];
  link.hearVariables((name, value) => heard.push([name, value]));
  await sidecar.send({ type: 'variable', name: 'token', value: 2 }, { type: 'start', atMs: 1, setup: 1 });
  await link.start;
  expect(heard).toEqual([
    ['token', 1],
    ['token', 2],
  ]);
});
