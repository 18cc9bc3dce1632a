import { mkdtempDisposable, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import {
  Histogram,
  type LiveState,
  NODE_FILES,
  type NodeResult,
  nodeResultFromJson,
  parseAddress,
  type ReportedError,
  type RunPlan,
  type SidecarReady,
  select,
} from '@loads/core';
import { expect, test } from 'vitest';
import { startDatabase } from '../influx/database.test.fixture.ts';
import { dial, startEcho } from '../proxy/peers.test.support.ts';
import { NodeFiles } from './node-files.ts';
import { cutEntry, planOf } from './plan.test.fixture.ts';
import { runSidecar } from './run-sidecar.ts';
import { FakeScenario, sendStatsd } from './scenario.test.fixture.ts';

const FLUSH_MS = 20;
const REPORT = { emitted: 4, interrupted: 0, errors: [] };

/** A sidecar at work in a folder of its own; what a test leaves running of it is stopped. */
class Node implements AsyncDisposable {
  readonly files: NodeFiles;
  readonly ended: Promise<void>;
  readonly stop = new AbortController();
  readonly #dir: AsyncDisposable;

  private constructor(dir: { readonly path: string } & AsyncDisposable) {
    this.#dir = dir;
    this.files = new NodeFiles(dir.path);
    this.ended = runSidecar(this.files, this.stop.signal, { flushMs: FLUSH_MS });
    this.ended.catch(() => undefined);
  }

  static async launch(plan: Partial<RunPlan> = {}): Promise<Node> {
    const dir = await mkdtempDisposable(join(tmpdir(), 'loads-node-'));
    await new NodeFiles(dir.path).write(NODE_FILES.order, { run: 'r1', node: 1, plan: planOf(plan) });
    return new Node(dir);
  }

  /** Waits for a file of the sidecar. */
  async file<Content>(name: string): Promise<Content> {
    for (;;) {
      const content = await this.files.read<Content>(name);
      if (content) return content;
      await wait(2);
    }
  }

  async result(): Promise<NodeResult | undefined> {
    const path = join(this.files.dir, NODE_FILES.result);
    const bytes = await readFile(path).catch(() => undefined);
    return bytes && nodeResultFromJson(JSON.parse(gunzipSync(bytes).toString()));
  }

  async finalResult(): Promise<NodeResult> {
    await this.ended;
    const result = await this.result();
    if (!result) throw new Error('there is no result');
    return result;
  }

  async connect(): Promise<FakeScenario> {
    return FakeScenario.connect((await this.file<SidecarReady>(NODE_FILES.sidecar)).link);
  }

  /** Has a scenario process begin the run. */
  async begin(): Promise<{ scenario: FakeScenario; statsd: string; proxies: Readonly<Record<string, string>> }> {
    const scenario = await this.connect();
    const { statsd, proxies } = await scenario.next('plan');
    scenario.send({ type: 'ready', setup: 'data' });
    await this.file(NODE_FILES.ready);
    await this.files.write(NODE_FILES.start, { atMs: Date.now(), setup: 'data' });
    await scenario.next('start');
    scenario.send({ type: 'started', atMs: Date.now() });
    return { scenario, statsd, proxies };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort();
    await this.files.write(NODE_FILES.stop, { graceful: false });
    await this.ended.catch(() => undefined);
    await this.#dir[Symbol.asyncDispose]();
  }
}

test('ready, start and done give a final result of all that was sent', async () => {
  await using node = await Node.launch();
  await using scenario = await node.connect();
  const { statsd, ...hello } = await scenario.next('plan');
  expect(hello).toEqual({ type: 'plan', run: 'r1', node: 1, process: 1, plan: planOf(), proxies: {} });
  await sendStatsd(statsd, 'http_reqs:1|c');
  scenario.send({ type: 'ready', setup: { token: 't' } });
  expect(await node.file(NODE_FILES.ready)).toMatchObject({ setup: { token: 't' } });

  const atMs = Date.now() + 30;
  await node.files.write(NODE_FILES.start, { atMs, setup: { token: 't' } });
  expect(await scenario.next('start')).toEqual({ type: 'start', atMs, setup: { token: 't' } });
  scenario.send({ type: 'started', atMs: atMs + 1 });
  await scenario.next('ack', ({ lines }) => lines === 1);
  await wait(Math.max(0, atMs - Date.now()) + 1);
  await sendStatsd(statsd, 'http_reqs:2|c|#phase:steady', 'http_req_duration:10|ms|@0.5|#phase:steady');
  await scenario.next('ack', ({ lines }) => lines === 3);
  const errors = [{ scenario: 'read', failure: 'assertion', message: 'no', count: 1 }];
  scenario.send({ type: 'done', report: { emitted: 4, interrupted: 1, errors } });

  const result = await node.finalResult();
  expect(result).toMatchObject({
    run: 'r1',
    node: 1,
    final: true,
    scenario: 'done',
    startedAtMs: atMs + 1,
    interrupted: 1,
    errors,
    accounting: { emitted: 4, received: 4, stored: 4, rejected: 0, kernelDrops: 0 },
  });
  expect(result.endedAtMs).toBeGreaterThan(atMs);
  expect(select(result.series, 'http_reqs', { phase: 'setup' })).toMatchObject({ sum: 1 });
  expect(select(result.series, 'http_reqs', { phase: 'steady' })).toMatchObject({ sum: 2 });
  expect((await readdir(node.files.dir)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('what a foreign program sent right before its end is in the result', async () => {
  await using node = await Node.launch();
  const { scenario, statsd } = await node.begin();
  await using _ = scenario;
  for (let i = 0; i < 200; i++) await sendStatsd(statsd, 'orders:1|c', 'orders:1|c');
  scenario.send({ type: 'done', report: { ...REPORT, emitted: null, commandExit: 0 } });
  const { accounting, commandExit, series } = await node.finalResult();
  expect([commandExit, accounting]).toMatchObject([0, { emitted: null, received: 400, stored: 400 }]);
  expect(select(series, 'orders')).toMatchObject({ sum: 400 });
});

test('a scenario process that is gone before it was done is lost; what it sent is kept', async () => {
  await using node = await Node.launch();
  const { scenario, statsd } = await node.begin();
  await sendStatsd(statsd, 'orders:7|c');
  scenario.vanish();
  const result = await node.finalResult();
  expect(result).toMatchObject({ final: true, scenario: 'lost', accounting: { emitted: null, stored: 1 } });
  expect(select(result.series, 'orders')).toMatchObject({ sum: 7 });
});

test('a scenario process that talks nonsense is cut off, and lost', async () => {
  await using node = await Node.launch();
  const { scenario } = await node.begin();
  await using _ = scenario;
  scenario.write('}{\n');
  expect(await node.finalResult()).toMatchObject({ final: true, scenario: 'lost' });
  await scenario.closed;
});

test('checkpoints are kept during the run, each replaced whole by the next', async () => {
  await using node = await Node.launch();
  const { scenario, statsd } = await node.begin();
  await using _ = scenario;
  await sendStatsd(statsd, 'orders:5|c', 'queue:3|g');
  await scenario.next('ack', ({ lines }) => lines === 2);
  const instants = new Set<number>();
  while (instants.size < 3) {
    // A file that was half written would not be read.
    const checkpoint = await node.result();
    if (!checkpoint) await wait(2);
    else {
      expect(checkpoint).toMatchObject({ final: false, scenario: 'running', accounting: { emitted: null, stored: 2 } });
      expect(checkpoint.series).toHaveLength(2);
      instants.add(checkpoint.endedAtMs);
    }
  }
  scenario.send({ type: 'done', report: REPORT });
  expect(await node.finalResult()).toMatchObject({ final: true, scenario: 'done' });
});

test('the node shows how it is while it runs', async () => {
  await using node = await Node.launch();
  const { scenario, statsd } = await node.begin();
  await using _ = scenario;
  await sendStatsd(statsd, 'http_reqs:2|c', 'http_req_duration:10|ms');
  let live = await node.file<LiveState>(NODE_FILES.live);
  while (live.samples < 2) live = await node.file<LiveState>(NODE_FILES.live);
  expect(live).toMatchObject({ node: 1, requests: 2, samples: 2, activeFaults: [] });
  expect(Histogram.fromJSON(live.durations).count).toBeLessThanOrEqual(1);
});

test('faults are samples of the sidecar itself, and count as emitted', async () => {
  await using backend = await startEcho();
  const proxies = [{ name: 'web', backend: backend.address, protocol: 'tcp', behaviors: [] }];
  await using node = await Node.launch({ proxies, schedule: [cutEntry('dead', 'web', 0, 5000)] });
  const { scenario, proxies: addresses } = await node.begin();
  await using _ = scenario;
  const address = parseAddress(addresses.web ?? '');
  if (!address) throw new Error('there is no proxy');
  while ((await node.file<LiveState>(NODE_FILES.live)).activeFaults.length === 0) await wait(2);
  expect(await (await dial(address)).outcome).toBe('rst');
  scenario.send({ type: 'done', report: { ...REPORT, emitted: 0 } });
  const { series, accounting } = await node.finalResult();
  expect(accounting).toMatchObject({ emitted: 1, received: 1, stored: 1 });
  const tags = {
    fault: 'dead',
    proxy: 'web',
    protocol: 'tcp',
    behavior: 'blackout',
    point: 'connection',
    phase: 'chaos',
  };
  expect(series).toMatchObject([{ metric: 'faults', tags, aggregate: { sum: 1 } }]);
});

test('points go to the database, and the accounts say how many', async () => {
  await using database = await startDatabase();
  await using node = await Node.launch({ influx: database.plan });
  const { scenario, statsd } = await node.begin();
  await using _ = scenario;
  await sendStatsd(statsd, 'orders:5|c|#phase:steady');
  await scenario.next('ack', ({ lines }) => lines === 1);
  scenario.send({ type: 'done', report: { ...REPORT, emitted: 1 } });
  const { accounting } = await node.finalResult();
  expect(accounting.points).toEqual({ written: database.stored.length, spooled: 0, dropped: 0 });
  const of = (measurement: string): readonly string[] =>
    database.stored.filter((one) => one.startsWith(`${measurement},`));
  expect(of('orders')).toEqual([
    expect.stringMatching(/^orders,node=1,phase=steady,run=r1 sum=5,elapsed=[\d.e-]+ \d+$/),
  ]);
  expect(of('runs')).toEqual([expect.stringMatching(/^runs,plan=shop,run=r1 start_ms=\d+,planned_ms=10000,/)]);
  expect(
    of('events')
      .map((line) => /type=(\w+)/.exec(line)?.[1])
      .sort(),
  ).toEqual(['node_end', 'node_start', 'run_start']);
  expect(of('node_agent').at(-1)).toMatch(/^node_agent,node=1,run=r1 emitted=1,received=1,stored=1,rejected=0/);
});

test('the result is there before the database has everything', async () => {
  await using database = await startDatabase();
  database.answer = () => 503;
  await using node = await Node.launch({ influx: database.plan });
  const { scenario, statsd } = await node.begin();
  await using _ = scenario;
  await sendStatsd(statsd, 'orders:5|c');
  scenario.send({ type: 'done', report: { ...REPORT, emitted: 1 } });
  let result = await node.result();
  while (!result?.final) {
    await wait(2);
    result = await node.result();
  }
  const problem = expect.stringContaining('the answer is 503');
  const waiting = result.accounting.points?.spooled;
  expect(result.accounting.points).toEqual({ written: 0, spooled: expect.any(Number), dropped: 0, problem });
  expect(waiting).toBeGreaterThan(3);
  database.answer = () => 204;
  const { accounting, endedAtMs } = await node.finalResult();
  expect(accounting.points).toEqual({ written: waiting, spooled: 0, dropped: 0 });
  expect(endedAtMs).toBe(result.endedAtMs);
});

test('a stop reaches the scenario process once, and one at once after one that is graceful', async () => {
  await using node = await Node.launch();
  const { scenario } = await node.begin();
  await using _ = scenario;
  await node.files.write(NODE_FILES.stop, { graceful: true });
  expect(await scenario.next('stop')).toEqual({ type: 'stop', graceful: true });
  await node.files.write(NODE_FILES.stop, { graceful: false });
  expect(await scenario.next('stop')).toEqual({ type: 'stop', graceful: false });
  scenario.send({ type: 'done', report: { ...REPORT, interrupted: 3 } });
  expect(await node.finalResult()).toMatchObject({ scenario: 'done', interrupted: 3, problems: [] });
});

test('a signal is a stop that is not graceful, and is told: it was nobody who watches the run', async () => {
  await using node = await Node.launch();
  const { scenario } = await node.begin();
  await using _ = scenario;
  node.stop.abort();
  expect(await scenario.next('stop')).toEqual({ type: 'stop', graceful: false });
  scenario.send({ type: 'done', report: REPORT });
  const problems = [expect.stringMatching(/^node 1 was ended from outside \d+\.\d s after the start: /)];
  expect(await node.finalResult()).toMatchObject({ scenario: 'done', problems });
});

const STOPPED: ReportedError = { code: 'ERR_STOPPED', message: 'stopped before the run had begun' };

test.each([
  ['gets ready', false],
  ['is ready', true],
])('a stop while the scenario %s is passed on, and the node ends when all is undone', async (_, ready) => {
  await using node = await Node.launch();
  await using scenario = await node.connect();
  if (ready) {
    scenario.send({ type: 'ready', setup: null });
    await node.file(NODE_FILES.ready);
  } else await scenario.next('plan');
  await node.files.write(NODE_FILES.stop, { graceful: true });
  expect(await scenario.next('stop')).toEqual({ type: 'stop', graceful: true });
  await node.files.write(NODE_FILES.stop, { graceful: false });
  expect(await scenario.next('stop')).toEqual({ type: 'stop', graceful: false });
  const error = { ...STOPPED, hint: 'teardown failed: no' };
  scenario.send({ type: 'failed', error });
  // It has not gone: it may still have something to undo.
  expect(await Promise.race([node.ended, wait(100, 'waits')])).toBe('waits');
  scenario.vanish();
  await node.ended;
  expect(await node.files.read(NODE_FILES.failed)).toEqual(error);
  expect(await node.result()).toBeUndefined();
});

test('a stop ends a node that no scenario has joined', async () => {
  await using node = await Node.launch();
  await node.file(NODE_FILES.sidecar);
  await node.files.write(NODE_FILES.stop, { graceful: true });
  await node.ended;
  expect(await node.files.read(NODE_FILES.failed)).toEqual(STOPPED);
});

test('when one process cannot start the others undo what they set up, and its reason is told', async () => {
  await using node = await Node.launch({ processes: 2 });
  await using first = await node.connect();
  await first.next('plan');
  await using second = await node.connect();
  await second.next('plan');
  second.send({ type: 'failing' });
  await first.next('stop');
  first.send({ type: 'failed', error: STOPPED });
  first.vanish();
  const error: ReportedError = { code: 'ERR_SETUP', message: 'setupProcess failed: no' };
  second.send({ type: 'failed', error });
  second.vanish();
  await node.ended;
  expect(await node.files.read(NODE_FILES.failed)).toEqual(error);
});

test('a signal ends a node that nobody has joined', async () => {
  await using node = await Node.launch();
  await node.file(NODE_FILES.sidecar);
  node.stop.abort();
  await node.ended;
  expect((await readdir(node.files.dir)).sort()).toEqual(['node.json', 'sidecar.json']);
});

test('a scenario that cannot start is told in the file that the orchestrator reads', async () => {
  await using node = await Node.launch();
  await using scenario = await node.connect();
  const error: ReportedError = { code: 'ERR_SETUP', message: 'setup failed: no', hint: 'mend it', stack: 'at x' };
  scenario.send({ type: 'failed', error });
  scenario.vanish();
  await node.ended;
  expect(await node.files.read(NODE_FILES.failed)).toEqual(error);
});

test.each([
  ['before it was ready', false],
  ['before the start', true],
])('a scenario process that is gone %s has failed', async (_, ready) => {
  await using node = await Node.launch();
  await using scenario = await node.connect();
  if (ready) {
    scenario.send({ type: 'ready', setup: null });
    await node.file(NODE_FILES.ready);
  } else await scenario.next('plan');
  scenario.vanish();
  await node.ended;
  expect(await node.files.read(NODE_FILES.failed)).toMatchObject({ code: 'ERR_SCENARIO_LOAD' });
});

test('without an order there is nothing to run', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-node-'));
  const run = runSidecar(new NodeFiles(dir.path), new AbortController().signal);
  await expect(run).rejects.toMatchObject({ code: 'ERR_FILE_MISSING' });
});
