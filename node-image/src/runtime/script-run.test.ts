import { once } from 'node:events';
import type { RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import type { ScenarioContext, SetupContext } from '../api/context.ts';
import { EventHub } from '../api/events.ts';
import { FeedEmptyError } from '../api/feed.ts';
import type { ScenarioFile } from '../api/registry.ts';
import { RequestError } from '../http/request-error.ts';
import { serve } from '../http/servers.test.fixture.ts';
import { Recorder } from '../recording/recorder.ts';
import { written } from '../recording/samples.test.fixture.ts';
import { LinkClient, type NodeBrief } from './link-client.ts';
import { LoadRecorder } from './load-recorder.ts';
import { RunStage } from './run-stage.ts';
import { ScriptRun } from './script-run.ts';
import { briefOf, FakeSidecar, planOf } from './sidecar.test.fixture.ts';

/** A file with one scenario. */
function fileOf(run: (context: ScenarioContext) => unknown, change: Partial<ScenarioFile> = {}): ScenarioFile {
  return { scenarios: [{ name: 'only', weight: 1, run }], events: new EventHub(), ...change };
}

/** A script run that has begun, with the sidecar at the other end of its link. */
class Stand implements AsyncDisposable {
  readonly sidecar: FakeSidecar;
  readonly link: LinkClient;
  readonly recorder: Recorder;
  readonly measures: LoadRecorder;
  readonly run: ScriptRun;

  private constructor(sidecar: FakeSidecar, link: LinkClient, file: ScenarioFile, brief: NodeBrief) {
    this.sidecar = sidecar;
    this.link = link;
    const stage = new RunStage(brief.plan);
    stage.begin(performance.timeOrigin + performance.now());
    this.recorder = new Recorder((from, to) => stage.stamp(from, to));
    this.measures = new LoadRecorder((from, to) => stage.stamp(from, to));
    this.run = new ScriptRun(file, { brief, link, stage, recorder: this.recorder, measures: this.measures });
  }

  static async open(file: ScenarioFile, brief: NodeBrief): Promise<Stand> {
    const sidecar = await FakeSidecar.open();
    return new Stand(sidecar, await LinkClient.connect(sidecar.address), file, brief);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.link[Symbol.asyncDispose]();
    await this.sidecar[Symbol.asyncDispose]();
  }
}

test('a node runs its own segment of the workers, until the time of the plan is over', async () => {
  const workers = new Set<number>();
  const file = fileOf(async ({ worker, data, sleep }) => {
    workers.add(worker);
    expect(data).toEqual({ token: 't' });
    await sleep(1);
  });
  const plan = planOf({ nodes: 3, workers: 8, durationMs: 500 });
  await using stand = await Stand.open(file, briefOf(plan, { node: 2 }));
  expect(await stand.run.run({ token: 't' })).toEqual({ interrupted: 0 });
  expect([...workers].sort()).toEqual([1, 4, 7]);
});

test('setup and teardown have a client of their own, and count under their names', async () => {
  await using server = await serve((_, response) => response.end('hello'));
  const visit = (name: string) => async (context: SetupContext) => {
    await context.http.get('/login');
    context.check(true, 'is in');
    return { name, data: context.data, node: context.node };
  };
  let torn: unknown;
  const teardown = async (context: SetupContext): Promise<void> => {
    torn = await visit('teardown')(context);
  };
  const file = fileOf(() => undefined, { setup: visit('setup'), teardown });
  await using stand = await Stand.open(file, briefOf(planOf({ target: server.url })));
  expect(await stand.run.setup()).toEqual({ name: 'setup', data: undefined, node: 1 });
  await stand.run.teardown({ token: 't' });
  expect(torn).toEqual({ name: 'teardown', data: { token: 't' }, node: 1 });
  const { arrived } = written((sink) => stand.recorder.flush(sink));
  const requests = arrived.filter(({ name }) => name === 'http_reqs').map(({ tags }) => tags.scenario);
  expect(requests).toEqual(['setup', 'teardown']);
  // Neither leaves a connection behind.
  await Promise.all(
    server.connections.map((socket) => socket.closed || once(socket, 'close', { signal: AbortSignal.timeout(2000) })),
  );
});

test('a file may have neither', async () => {
  await using stand = await Stand.open(
    fileOf(() => undefined),
    briefOf(planOf()),
  );
  expect(await stand.run.setup()).toBeUndefined();
  await stand.run.teardown(undefined);
});

test.each<[string, () => unknown, RegExp]>([
  ['throws', () => Promise.reject(new Error('no database')), /^setup failed: no database$/],
  ['throws what is no error', () => Promise.reject('no'), /^setup failed: no$/],
  ['gives what cannot be sent', () => ({ big: 1n }), /^setup failed: .*JSON.*BigInt/],
])('a setup that %s fails with its own code', async (_, setup, message) => {
  await using stand = await Stand.open(
    fileOf(() => undefined, { setup }),
    briefOf(planOf()),
  );
  await expect(stand.run.setup()).rejects.toMatchObject({ code: 'ERR_SETUP', message: expect.stringMatching(message) });
});

test('what goes to the backend of a proxy goes through the proxy, and only that', async () => {
  await using target = await serve((_, response) => response.end('target'));
  await using proxy = await serve((request, response) => response.end(`proxy of ${request.headers.host}`));
  const bodies: string[] = [];
  const file = fileOf(async ({ http }) => {
    bodies.push(await (await http.get('/')).text(), await (await http.get(`${proxy.url}/`)).text());
  });
  const backend = { host: '127.0.0.1', port: target.port };
  const plan = planOf({
    target: target.url,
    proxies: [{ name: 'web', backend, protocol: 'http', behaviors: [] }],
    durationMs: 300,
  });
  await using stand = await Stand.open(file, briefOf(plan, { proxies: { web: `127.0.0.1:${proxy.port}` } }));
  await stand.run.run(undefined);
  expect(bodies.slice(0, 2)).toEqual([`proxy of 127.0.0.1:${target.port}`, `proxy of 127.0.0.1:${proxy.port}`]);
});

test('iterations in flight at the end may end by themselves, and are cut when they take too long', async () => {
  const file = fileOf(({ worker, sleep }) => sleep(worker === 0 ? 150 : 60_000));
  const plan = planOf({ workers: 3, durationMs: 100, gracefulStopMs: 300 });
  await using stand = await Stand.open(file, briefOf(plan));
  expect(await stand.run.run(undefined)).toEqual({ interrupted: 2 });
  const { arrived } = written((sink) => stand.recorder.flush(sink));
  expect(arrived.find(({ name }) => name === 'iterations')?.value).toBe(1);
});

test('a graceful stop begins the same grace, and a stop at once cuts', async () => {
  const endless = fileOf(({ sleep }) => sleep(60_000));
  await using graceful = await Stand.open(endless, briefOf(planOf({ gracefulStopMs: 20 })));
  const ended = graceful.run.run(undefined);
  await graceful.sidecar.send({ type: 'stop', graceful: true });
  expect(await ended).toEqual({ interrupted: 1 });

  await using atOnce = await Stand.open(endless, briefOf(planOf({ gracefulStopMs: 60_000 })));
  const cut = atOnce.run.run(undefined);
  await atOnce.sidecar.send({ type: 'stop', graceful: false });
  expect(await cut).toEqual({ interrupted: 1 });
});

test('what nobody caught is a failure, and ends a run that ends with its first one', async () => {
  const waiting = fileOf(({ sleep }) => sleep(5));
  await using stand = await Stand.open(waiting, briefOf(planOf({ stopOnFailure: true })));
  const ended = stand.run.run(undefined);
  // What comes of the end of a session is none.
  stand.run.uncaught(new RequestError('GET', 'http://shop.test/', 'aborted', new Error('the client is closed')));
  expect(stand.recorder.errors.all).toEqual([]);
  stand.run.uncaught(new Error('in a timer'));
  expect(await ended).toEqual({ interrupted: 0 });
  expect(await stand.sidecar.has(1)).toEqual([{ type: 'failing' }]);
  const { arrived } = written((sink) => stand.recorder.flush(sink));
  expect(arrived.filter(({ name }) => name === 'failures')).toMatchObject([{ value: 1, tags: { class: 'uncaught' } }]);
});

test('what fails since the run was cut is no failure', async () => {
  const endless = fileOf(({ sleep }) => sleep(60_000));
  await using stand = await Stand.open(endless, briefOf(planOf()));
  const ended = stand.run.run(undefined);
  await stand.sidecar.send({ type: 'stop', graceful: false });
  await ended;
  stand.run.uncaught(new Error('cut'));
  expect(stand.recorder.errors.all).toEqual([]);
});

test('an iteration that does not heed the cut is left behind, and counted as cut', async () => {
  const file = fileOf(() => new Promise(() => undefined));
  await using stand = await Stand.open(file, briefOf(planOf({ durationMs: 100, gracefulStopMs: 0, workers: 2 })));
  expect(await stand.run.run(undefined)).toEqual({ interrupted: 2 });
});

/** Runs the same plan in every process of every node, and gives what each iteration wrote. */
async function everywhere<Note>(
  change: Partial<RunPlan>,
  run: (context: ScenarioContext, note: (text: Note) => void) => unknown,
  more: Partial<ScenarioFile> = {},
): Promise<{ notes: readonly Note[]; stands: readonly Stand[] }> {
  const plan = planOf({ durationMs: null, gracefulStopMs: 0, ...change });
  const notes: Note[] = [];
  await using stands = new AsyncDisposableStack();
  const all: Stand[] = [];
  for (let node = 1; node <= plan.nodes; node++) {
    for (let process = 1; process <= (plan.processes ?? 1); process++) {
      const file = fileOf((context) => run(context, (text) => void notes.push(text)), more);
      all.push(stands.use(await Stand.open(file, briefOf(plan, { node, process }))));
    }
  }
  await Promise.all(all.map((stand) => stand.run.run(undefined)));
  return { notes, stands: all };
}

const SPLITS = [{ nodes: 1 }, { nodes: 3 }, { nodes: 1, processes: 4 }, { nodes: 2, processes: 2 }];

test.each(SPLITS)('iterations are as many, and of the same scenarios, over %j', async (split) => {
  const names: string[] = [];
  const counting = (name: string) => ({ name, weight: 1, run: () => void names.push(name) });
  const model = { kind: 'iterations', iterations: 101, workers: 6, rampUpMs: 0 } as const;
  const load = [{ atMs: 0, durationMs: null, model }];
  await everywhere({ ...split, load }, () => undefined, { scenarios: ['a', 'b'].map(counting) });
  expect(names).toHaveLength(101);
  // The draws are those of the iterations' numbers, whoever runs them.
  expect(names.filter((name) => name === 'a')).toHaveLength(43);
});

test.each(SPLITS)('hits are workers times runs, round after round, over %j', async (split) => {
  const rounds = [
    { workers: 4, hits: 3 },
    { workers: 6, hits: 2 },
  ];
  const load = [{ atMs: 0, durationMs: null, model: { kind: 'hits', rounds, rampUpMs: 0 } as const }];
  const { notes } = await everywhere<number>({ ...split, load }, ({ worker }, note) => note(worker));
  expect(notes).toHaveLength(24);
  expect([0, 3, 5].map((id) => notes.filter((worker) => worker === id).length)).toEqual([5, 5, 2]);
});

test.each(SPLITS)('arrivals are as many over %j', async (split) => {
  const profile = [{ forMs: 200, from: 250, to: 250 }];
  const model = { kind: 'arrivals', profile, spacing: 'even', workers: 1, maxWorkers: 500 } as const;
  const load = [{ atMs: 0, durationMs: 200, model }];
  const { notes, stands } = await everywhere<number>({ ...split, load }, ({ worker, sleep }, note) => {
    note(worker);
    return sleep(5);
  });
  expect(notes).toHaveLength(50);
  const lags = stands.flatMap(({ measures }) => written((sink) => measures.flush(sink)).arrived);
  const lag = lags.filter(({ name }) => name === 'schedule_lag').reduce((sum, { weight }) => sum + weight, 0);
  expect(lag).toBe(50);
});

test('an arrival that finds all workers busy is dropped, and counted', async () => {
  const profile = [{ forMs: 100, from: 100, to: 100 }];
  const model = { kind: 'arrivals', profile, spacing: 'even', workers: 1, maxWorkers: 3 } as const;
  const load = [{ atMs: 0, durationMs: 100, model }];
  const change = { load, durationMs: 100, gracefulStopMs: 5000 };
  const { notes, stands } = await everywhere<number>(change, ({ worker, sleep }, note) => {
    note(worker);
    return sleep(300);
  });
  expect(notes.toSorted()).toEqual([0, 1, 2]);
  const { arrived } = written((sink) => stands[0]?.measures.flush(sink));
  const dropped = arrived.find(({ name }) => name === 'dropped_iterations');
  expect(dropped).toMatchObject({ value: 7, tags: { scenario: 'only', phase: 'steady' } });
});

test('once is every scenario once, in the order of the file', async () => {
  const names: string[] = [];
  const counting = (name: string) => ({ name, weight: 1, run: () => void names.push(name) });
  const load = [{ atMs: 0, durationMs: null, model: { kind: 'once', workers: 1 } as const }];
  await everywhere({ load }, () => undefined, { scenarios: ['c', 'a', 'b'].map(counting) });
  expect(names).toEqual(['c', 'a', 'b']);
});

test('workers come and go with their stages', async () => {
  const profile = [
    { forMs: 200, from: 0, to: 4 },
    { forMs: 200, from: 4, to: 0 },
  ];
  const load = [{ atMs: 0, durationMs: 400, model: { kind: 'workers', profile } as const }];
  const beginMs = performance.now();
  const change = { load, durationMs: 400, gracefulStopMs: 1000 };
  const { notes } = await everywhere<[number, number]>(change, async ({ worker, sleep }, note) => {
    note([worker, performance.now() - beginMs]);
    await sleep(5);
  });
  const times = (id: number): readonly number[] => notes.filter(([worker]) => worker === id).map(([, at]) => at);
  // Rank 3 is at work between 150 and 250 ms.
  expect(Math.min(...times(3))).toBeGreaterThanOrEqual(145);
  expect(Math.max(...times(3)) - Math.min(...times(3))).toBeLessThan(150);
  expect(Math.min(...times(0))).toBeLessThan(Math.min(...times(3)));
});

test('fixtures of the process run around all workers, and what its setup gives is shared', async () => {
  const log: unknown[] = [];
  const pool = { connections: 3 };
  const file = fileOf(({ shared }) => void log.push(shared), {
    setupProcess: ({ data }) => {
      log.push(['setupProcess', data]);
      return pool;
    },
    teardownProcess: ({ shared }) => void log.push(['teardownProcess', shared]),
  });
  const load = [{ atMs: 0, durationMs: null, model: { kind: 'once', workers: 2 } as const }];
  await using stand = await Stand.open(file, briefOf(planOf({ load, durationMs: null })));
  expect(stand.run.waitsForSetup).toBe(true);
  await stand.run.setupProcess('token');
  await stand.run.run('token');
  expect(log).toEqual([['setupProcess', 'token'], pool, pool, ['teardownProcess', pool]]);
});

test('a worker whose setup throws ends the run, which says so', async () => {
  const file = fileOf(({ sleep }) => sleep(60_000), {
    setupWorker: ({ worker }) => {
      if (worker === 1) throw new Error('no seat');
    },
  });
  const plan = planOf({ workers: 3, gracefulStopMs: 10 });
  await using stand = await Stand.open(file, briefOf(plan));
  expect(await stand.run.run(undefined)).toMatchObject({ setupFailed: 'setupWorker failed: no seat' });
  expect(await stand.sidecar.has(1)).toEqual([{ type: 'failing' }]);
});

test('a feeder without a row left ends the load, which says so', async () => {
  const file = fileOf(() => {
    throw new FeedEmptyError(true);
  });
  await using stand = await Stand.open(file, briefOf(planOf({ durationMs: 60_000, workers: 1 })));
  expect(await stand.run.run(undefined)).toEqual({ interrupted: 0, setupFailed: undefined, rowsUsedUp: true });
});

test('a file hears of the stages of its load, also of the one in which it was stopped', async () => {
  const events = new EventHub();
  const heard: unknown[] = [];
  for (const name of ['stage_start', 'stage_middle', 'stage_end'] as const)
    events.add(name, ({ stage, to, node, process }) => heard.push([name, stage, to, node, process]));
  const file = fileOf(({ sleep }) => sleep(1), { events });
  const profile = [
    { forMs: 40, from: 2, to: 2 },
    { forMs: 60_000, from: 4, to: 4 },
  ];
  const load = [{ atMs: 0, durationMs: 60_040, model: { kind: 'workers', profile } }] as const;
  await using stand = await Stand.open(
    file,
    briefOf(planOf({ nodes: 2, workers: 4, durationMs: 60_040, load }), { node: 2 }),
  );
  const ended = stand.run.run(undefined);
  events.add('stage_start', ({ stage }) =>
    stage === 2 ? stand.sidecar.send({ type: 'stop', graceful: true }) : undefined,
  );
  await ended;
  expect(heard).toEqual([
    ['stage_start', 1, 2, 2, 1],
    ['stage_middle', 1, 2, 2, 1],
    ['stage_end', 1, 2, 2, 1],
    ['stage_start', 2, 4, 2, 1],
    ['stage_end', 2, 4, 2, 1],
  ]);
});
