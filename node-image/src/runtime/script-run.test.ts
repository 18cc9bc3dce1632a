import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { ScenarioContext, SetupContext } from '../api/context.ts';
import type { ScenarioFile } from '../api/registry.ts';
import { serve } from '../http/servers.test.fixture.ts';
import { Recorder } from '../recording/recorder.ts';
import { written } from '../recording/samples.test.fixture.ts';
import { LinkClient, type NodeBrief } from './link-client.ts';
import { RunStage } from './run-stage.ts';
import { ScriptRun } from './script-run.ts';
import { briefOf, FakeSidecar, planOf } from './sidecar.test.fixture.ts';

/** A file with one scenario. */
function fileOf(run: (context: ScenarioContext) => unknown, change: Partial<ScenarioFile> = {}): ScenarioFile {
  return { scenarios: [{ name: 'only', weight: 1, run }], setup: undefined, teardown: undefined, ...change };
}

/** A script run that has begun, with the sidecar at the other end of its link. */
class Stand implements AsyncDisposable {
  readonly sidecar: FakeSidecar;
  readonly link: LinkClient;
  readonly recorder: Recorder;
  readonly run: ScriptRun;

  private constructor(sidecar: FakeSidecar, link: LinkClient, file: ScenarioFile, brief: NodeBrief) {
    this.sidecar = sidecar;
    this.link = link;
    const stage = new RunStage(brief.plan);
    stage.begin(performance.timeOrigin + performance.now());
    this.recorder = new Recorder((from, to) => stage.stamp(from, to));
    this.run = new ScriptRun(file, { brief, link, stage, recorder: this.recorder });
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
  const plan = planOf({ nodes: 3, workers: 8, durationMs: 100 });
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

test('an iteration that does not heed the cut is left behind, and counted as cut', async () => {
  const file = fileOf(() => new Promise(() => undefined));
  await using stand = await Stand.open(file, briefOf(planOf({ durationMs: 100, gracefulStopMs: 0, workers: 2 })));
  expect(await stand.run.run(undefined)).toEqual({ interrupted: 2 });
});
