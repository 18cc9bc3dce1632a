import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PerWorker } from '@loads/core';
import { expect, test } from 'vitest';
import { runModule } from '../node-process.test.fixture.ts';
import { Recorder } from '../recording/recorder.ts';
import { written } from '../recording/samples.test.fixture.ts';
import { LinkClient, type NodeBrief } from '../runtime/link-client.ts';
import { RunStage } from '../runtime/run-stage.ts';
import { briefOf, FakeSidecar, planOf } from '../runtime/sidecar.test.fixture.ts';
import { runCommand } from './run-command.ts';

type Outcome = Awaited<ReturnType<typeof runCommand>> & { readonly recorder: Recorder };

/** Runs a program that ends by itself. */
async function runHere(command: readonly string[], brief: NodeBrief = briefOf(planOf())): Promise<Outcome> {
  await using sidecar = await FakeSidecar.open();
  await using link = await LinkClient.connect(sidecar.address);
  const stage = new RunStage(brief.plan);
  stage.begin(performance.timeOrigin + performance.now());
  const recorder = new Recorder((from, to) => stage.stamp(from, to));
  const outcome = await runCommand(command, { brief, link, stage, recorder });
  // The link ends in good order: its loss would end this process.
  link.send({ type: 'done', report: { emitted: null, interrupted: 0, errors: [] } });
  return { ...outcome, recorder };
}

/** The values of the samples that a program's iteration leaves. */
function iterations({ recorder }: Outcome): Readonly<Record<string, readonly (number | string)[]>> {
  const { arrived } = written((sink) => recorder.flush(sink));
  const valuesOf = (metric: string): readonly number[] =>
    arrived.filter(({ name }) => name === metric).map(({ value }) => value);
  return {
    iterations: valuesOf('iterations'),
    iteration_failed: valuesOf('iteration_failed'),
    failures: valuesOf('failures'),
    exits: arrived.flatMap(({ name, tags }) => (name === 'command_exits' ? [tags.code ?? ''] : [])),
  };
}

test('a program that ends well is one iteration', async () => {
  const outcome = await runHere(['/bin/sh', '-c', 'exit 0']);
  expect(outcome).toMatchObject({ interrupted: 0, commandExit: 0 });
  expect(iterations(outcome)).toEqual({ iterations: [1], iteration_failed: [0], failures: [], exits: ['0'] });
});

test.each([
  ['exits with a code', 'exit 3', 3],
  ['is killed by a signal', 'kill -9 $$', 137],
])('a program that %s is an iteration that failed', async (_, script, code) => {
  const outcome = await runHere(['/bin/sh', '-c', script]);
  expect(outcome.commandExit).toBe(code);
  expect(iterations(outcome)).toEqual({ iterations: [1], iteration_failed: [1], failures: [1], exits: [String(code)] });
});

test('a program that cannot be started is a failed iteration with its reason', async () => {
  const outcome = await runHere(['/no/such/program']);
  expect(outcome.commandExit).toBe(127);
  expect(outcome.recorder.errors.all).toMatchObject([
    { scenario: 'program', message: 'spawn /no/such/program ENOENT' },
  ]);
  expect(iterations(outcome)).toEqual({ iterations: [1], iteration_failed: [1], failures: [1], exits: ['127'] });
});

test('the program is told where statsd and the proxies are, and which part of the run it is', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-command-'));
  const file = join(dir.path, 'env');
  const backend = { host: 'shop', port: 80 };
  const plan = planOf({
    nodes: 3,
    workers: 3,
    durationMs: 2500,
    target: 'http://shop/base?x=1',
    env: { SIZE: '3' },
    proxies: [
      { name: 'other', backend: { host: 'shop', port: 81 }, protocol: 'tcp', behaviors: [] },
      { name: 'web-api', backend, protocol: 'http', behaviors: [] },
    ],
  });
  const proxies = { other: '127.0.0.1:1001', 'web-api': '127.0.0.1:1002' };
  const brief = briefOf(plan, { node: 2, statsd: '127.0.0.1:9999', proxies });
  await runHere(['/bin/sh', '-c', `env > ${file}`], brief);
  const environment = Object.fromEntries(
    (await readFile(file, 'utf8')).split('\n').map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]),
  );
  expect(environment).toMatchObject({
    PATH: process.env.PATH,
    SIZE: '3',
    STATSD_HOST: '127.0.0.1',
    STATSD_PORT: '9999',
    LOADS_RUN: 'r1',
    LOADS_NODE: '2',
    LOADS_NODES: '3',
    LOADS_DURATION: '2.5',
    LOADS_RUN_ID: 'r1',
    LOADS_AGENT_ID: '2',
    LOADS_TOTAL_USERS: '3',
    LOADS_CURRENT_USER: '2',
    LOADS_PROXY_OTHER: '127.0.0.1:1001',
    LOADS_PROXY_WEB_API: '127.0.0.1:1002',
    LOADS_TARGET: 'http://127.0.0.1:1002/base?x=1',
  });
});

test('with a program for each worker a node runs those of its own, each with its number, and counts every end', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-command-'));
  const file = join(dir.path, 'workers');
  const script = `echo "$LOADS_WORKER of $LOADS_WORKERS, user $LOADS_CURRENT_USER of $LOADS_TOTAL_USERS, $LOADS_TOTAL_HITS hits" >> ${file}; exit $((LOADS_WORKER - 1))`;
  const command = ['/bin/sh', '-c', script];
  const scenario = { kind: 'command' as const, command, perWorker: { rampUpMs: 60, hits: 10 } };
  const outcome = await runHere(command, briefOf(planOf({ scenario, nodes: 2, workers: 6 }), { node: 2 }));
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(lines.toSorted()).toEqual([
    '1 of 6, user 2 of 6, 10 hits',
    '3 of 6, user 4 of 6, 10 hits',
    '5 of 6, user 6 of 6, 10 hits',
  ]);
  expect(outcome.commandExit).toBe(2);
  expect(iterations(outcome)).toEqual({
    // Two ones and a zero.
    ...{ iterations: [3], iteration_failed: [1, 0], failures: [2], exits: ['0', '2', '4'] },
  });
});

test('of the programs of workers each has the time that it may take, and only the late one is ended', async () => {
  const command = ['/bin/sh', '-c', '[ $LOADS_WORKER = 0 ] || exec sleep 60'];
  const scenario = { kind: 'command' as const, command, perWorker: { rampUpMs: 0 }, timeoutMs: 1500 };
  const outcome = await runHere(command, briefOf(planOf({ scenario, workers: 2 })));
  expect(outcome.commandExit).toBe(124);
  expect(iterations(outcome)).toEqual({
    ...{ iterations: [2], iteration_failed: [1, 0], failures: [1], exits: ['0', '124'] },
  });
  expect(outcome.recorder.errors.all).toMatchObject([
    { scenario: 'sh', failure: 'timeout', message: 'the program did not end within 1.5s', count: 1 },
  ]);
});

test('cycles run one after the other, each with its own number of workers and hits', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-command-'));
  const file = join(dir.path, 'cycles');
  // The first to begin in a cycle should be the last to end: whoever did not wait for it would come before it.
  const script = `sleep $((3 - LOADS_WORKER))e-1; echo "$LOADS_CURRENT_USER of $LOADS_TOTAL_USERS, $LOADS_WORKERS, $LOADS_TOTAL_HITS" >> ${file}`;
  const command = ['/bin/sh', '-c', script];
  const cycles = [
    { workers: 3, hits: 5 },
    { workers: 1, hits: 5 },
    { workers: 3, hits: 7 },
  ];
  const scenario = { kind: 'command' as const, command, perWorker: { rampUpMs: 0, hits: 5, cycles } };
  const outcome = await runHere(command, briefOf(planOf({ scenario, nodes: 2, workers: 3 }), { node: 1 }));
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  // Those of one cycle end in any order.
  expect([lines.slice(0, 2).sort(), lines.slice(2, 3), lines.slice(3).sort()]).toEqual([
    ['1 of 3, 3, 5', '3 of 3, 3, 5'],
    ['1 of 1, 1, 5'],
    ['1 of 3, 3, 7', '3 of 3, 3, 7'],
  ]);
  expect(iterations(outcome).iterations).toEqual([5]);
});

/** Runs a program in a node process of its own, whose group a stop ends; prints how it ended. */
const NODE = `
import { LinkClient } from ${moduleAt('../runtime/link-client.ts')};
import { RunStage } from ${moduleAt('../runtime/run-stage.ts')};
import { Recorder } from ${moduleAt('../recording/recorder.ts')};
import { runCommand } from ${moduleAt('./run-command.ts')};
const link = await LinkClient.connect(process.argv[1]);
const brief = await link.brief;
const stage = new RunStage(brief.plan);
stage.begin(performance.timeOrigin + performance.now());
const recorder = new Recorder((from, to) => stage.stamp(from, to));
const { commandExit } = await runCommand(brief.plan.scenario.command, { brief, link, stage, recorder });
console.log(JSON.stringify({ commandExit, errors: recorder.errors.all }));
process.exit(0);
`;

function moduleAt(path: string): string {
  return JSON.stringify(new URL(path, import.meta.url).href);
}

type Limits = { readonly timeoutMs?: number; readonly overtimeMs?: number };

/** Starts a shell script as the load of a node, tells when it runs (it prints a line), and gives how the node ended. */
async function runApart(
  script: string,
  durationMs: number | null,
  whenRunning: (sidecar: FakeSidecar) => Promise<void>,
  { workers = 1, ...how }: { readonly perWorker?: PerWorker; readonly workers?: number } & Limits = {},
): Promise<{ code: number | null; lines: readonly string[] }> {
  await using sidecar = await FakeSidecar.open();
  const command = ['/bin/sh', '-c', script];
  const plan = planOf({ scenario: { kind: 'command', command, ...how }, workers, durationMs });
  const running = Promise.withResolvers<void>();
  const ended = runModule(NODE, [sidecar.address], ({ stdout }) => stdout?.once('data', () => running.resolve()));
  await sidecar.send(briefOf(plan));
  await running.promise;
  await whenRunning(sidecar);
  const { code, stdout } = await ended;
  return { code, lines: stdout.trim().split('\n') };
}

test.concurrent('a program that runs longer than the plan is told to end, and did not fail by it', async ({
  expect,
}) => {
  const { lines } = await runApart('echo up; sleep 60', 700, () => Promise.resolve());
  expect(lines).toEqual(['up', '{"commandExit":0,"errors":[]}']);
});

test.concurrent('a program that takes longer than it may is told to end with all that it started, killed where it does not, and has failed', async ({
  expect,
}) => {
  const script =
    'trap : TERM; sh -c "trap \'echo child told; exit\' TERM; echo up; while :; do sleep 0.05; done" & while :; do sleep 0.05; done';
  const { lines } = await runApart(script, null, () => Promise.resolve(), { timeoutMs: 500 });
  expect(lines.slice(0, -1).toSorted()).toEqual(['child told', 'up']);
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ commandExit: 124, errors: [{ failure: 'timeout' }] });
});

test.concurrent('a program may end by itself after the duration, as long as it has been given', async ({ expect }) => {
  const inTime = await runApart('echo up; sleep 1; echo end', 200, () => Promise.resolve(), { overtimeMs: 30_000 });
  expect(inTime.lines).toEqual(['up', 'end', '{"commandExit":0,"errors":[]}']);
  const late = await runApart('echo up; sleep 60', 200, () => Promise.resolve(), { overtimeMs: 300 });
  expect(JSON.parse(late.lines.at(-1) ?? '')).toMatchObject({
    commandExit: 124,
    errors: [{ message: 'the program did not end within 300ms after the end' }],
  });
  // Who stops the run has not waited for it in vain.
  const stopped = await runApart(
    'echo up; sleep 60',
    200,
    (sidecar) => sidecar.send({ type: 'stop', graceful: true }),
    {
      overtimeMs: 30_000,
    },
  );
  expect(stopped.lines).toEqual(['up', '{"commandExit":0,"errors":[]}']);
});

test.concurrent('the output of several programs is kept line by line, with their workers', async ({ expect }) => {
  const perWorker = { rampUpMs: 0 };
  const { lines } = await runApart('echo up; printf end; trap "" TERM', null, () => Promise.resolve(), {
    perWorker,
    workers: 2,
  });
  expect(lines.toSorted()).toEqual([
    ...['worker 0: end', 'worker 0: up', 'worker 1: end', 'worker 1: up', '{"commandExit":0,"errors":[]}'],
  ]);
});

test.concurrent('a stop tells the program and all that it started', async ({ expect }) => {
  const script =
    'trap "echo told" TERM; sh -c "trap \'echo child told; exit\' TERM; echo up; while :; do sleep 0.05; done" & wait; wait; exit 7';
  const { lines } = await runApart(script, null, (sidecar) => sidecar.send({ type: 'stop', graceful: true }));
  expect(lines.toSorted()).toEqual(['child told', 'told', 'up', '{"commandExit":7,"errors":[]}']);
});

test.concurrent('a program that does not heed a stop is killed when the run is cut', async ({ expect }) => {
  const script = 'trap "" TERM; echo up; while :; do sleep 0.05; done';
  let fromMs = 0;
  const { lines } = await runApart(script, null, (sidecar) => {
    fromMs = performance.now();
    return sidecar.send({ type: 'stop', graceful: false });
  });
  // After a stop that lets iterations end, it would have had 5 s.
  expect(performance.now() - fromMs).toBeLessThan(4500);
  expect(lines).toEqual(['up', '{"commandExit":0,"errors":[]}']);
});

test.concurrent('without its sidecar the program ends, with all that it started', async ({ expect }) => {
  const { code, lines } = await runApart('trap "" TERM; echo up; sleep 60', null, (sidecar) => sidecar.vanish());
  // The output ends only when nobody is left who could write to it.
  expect([code, lines]).toEqual([null, ['up']]);
});
