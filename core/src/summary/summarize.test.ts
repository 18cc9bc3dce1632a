import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ErrorGroup } from '../link/messages.ts';
import { samplesOnNodes, seriesOf, splitOverNodes, type TestSample } from '../metrics/samples.test.fixture.ts';
import type { Series } from '../metrics/series.ts';
import { planOf } from '../plan/plan.test.fixture.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { FaultSpan } from '../result/fault-span.ts';
import type { NodeResult } from '../result/node-result.ts';
import { resultOf, START_MS } from '../result/result.test.fixture.ts';
import { parseThreshold } from '../thresholds/threshold.ts';
import type { NodeState } from '../verdict/validity.ts';
import { type SummaryOptions, summarize } from './summarize.ts';
import type { Summary } from './summary.ts';

const OPTIONS: SummaryOptions = { run: 'r1', tolerateLostNodes: false, stopped: false };

/** A run with one fault from 2 s to 4 s, and recovery until 6 s. */
const PLAN = planOf({
  schedule: [
    {
      name: 'slow',
      proxy: 'web',
      atMs: 2000,
      forMs: 2000,
      behaviors: [{ percent: 100, behavior: 'delay', options: {} }],
    },
  ],
  thresholds: [
    parseThreshold('http_req_duration{phase:steady}', 'p(95)<5000'),
    parseThreshold('http_reqs', 'count>100'),
    parseThreshold('queue', 'value<50'),
  ],
});

function summaryOf(nodes: readonly NodeState[], plan: RunPlan = PLAN, options: Partial<SummaryOptions> = {}): Summary {
  return summarize(plan, nodes, { ...OPTIONS, ...options });
}

function done(node: number, series: readonly Series[], change: Partial<NodeResult> = {}): NodeState {
  return { node, result: resultOf({ node, series, ...change }) };
}

function sample(metric: string, type: TestSample['type'], tags: object, value: number, weight = 1): TestSample {
  return { metric, type, tags: { ...tags }, value, weight };
}

/** One request as a node counts it, `ms` long. */
function request(tags: object, ms: number, failed = 0): readonly TestSample[] {
  return [
    sample('http_reqs', 'c', tags, 1),
    sample('http_req_failed', 'h', tags, failed),
    sample('http_req_duration', 'ms', tags, ms),
  ];
}

test('the summary of samples spread over nodes in any way is that of one node', () => {
  const anyErrors = fc.array(
    fc.record({
      scenario: fc.constantFrom('read', 'buy'),
      failure: fc.constant('assertion'),
      message: fc.constantFrom('a', 'b', 'c'),
      count: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(samplesOnNodes, fc.array(anyErrors, { minLength: 4, maxLength: 4 }), (samples, errors) => {
      const accountOf = (count: number): NodeResult['accounting'] => ({
        emitted: count,
        received: count,
        stored: count,
        rejected: 0,
        kernelDrops: 0,
      });
      const nodes = splitOverNodes(samples).map((series, i) => {
        const accounting = accountOf(samples.filter(([, node]) => node === i).length);
        return done(i + 1, series, { accounting, interrupted: i, errors: grouped(errors[i] ?? []) });
      });
      const all = seriesOf(samples.map(([one]) => one));
      const one = done(1, all, {
        accounting: accountOf(samples.length),
        interrupted: 6,
        errors: grouped(errors.flat()),
      });

      const { nodeRows: rows, ...spread } = summaryOf(nodes);
      const { nodeRows: row, ...whole } = summaryOf([one]);
      expect(spread).toEqual(whole);
      expect([rows.length, row.length]).toEqual([4, 1]);
    }),
  );
});

test('requests are one row for each name, split into phases, with rates over the time in each', () => {
  const steady = { name: 'GET /', phase: 'steady' };
  const chaos = { name: 'GET /', phase: 'chaos', fault: 'slow' };
  const series = seriesOf([
    ...request(steady, 10),
    ...request(steady, 10),
    ...request({ ...steady, status: '503' }, 20, 1),
    ...request(chaos, 500),
    ...request({ name: 'POST /cart', phase: 'setup' }, 30),
    // From a foreign program that names nothing.
    ...request({}, 40),
  ]);
  const { total, requests } = summaryOf([done(1, series)]);

  expect(total).toMatchObject({ name: 'all requests', ok: 5, ko: 1, rate: 0.6, duration: { count: 6, max: 500 } });
  expect(requests.map(({ name, ok, ko }) => [name, ok, ko])).toEqual([
    ['', 1, 0],
    ['GET /', 3, 1],
    ['POST /cart', 1, 0],
  ]);
  const phases = requests[1]?.phases;
  // 6 of the 10 seconds were steady, 2 chaos.
  expect(phases).toMatchObject({ steady: { ok: 2, ko: 1, rate: 0.5 }, chaos: { ok: 1, ko: 0, rate: 0.5 } });
  expect(Object.keys(phases ?? {})).toEqual(['steady', 'chaos']);
  expect(requests[2]?.phases.setup).toMatchObject({ ok: 1, rate: 0 });
});

test('requests of every protocol are rows, and all count; the times of all are those of calls, not of waiting for messages', () => {
  const call = { name: 'buy', phase: 'steady', method: 'shop.Shop/Buy', status: 'OK' };
  const socket = { name: 'chat', phase: 'steady' };
  const chat = [
    // One of them was opened before, and ended now.
    sample('ws_sessions', 'c', socket, 1),
    sample('ws_sessions', 'c', { name: 'chat', phase: 'setup' }, 1),
    sample('ws_session_failed', 'h', socket, 0),
    sample('ws_session_failed', 'h', socket, 1),
    sample('ws_waiting', 'ms', socket, 9000),
  ];
  const series = seriesOf([
    ...request({ name: 'buy', phase: 'steady' }, 10),
    sample('grpc_reqs', 'c', call, 1),
    sample('grpc_req_failed', 'h', call, 1),
    sample('grpc_req_duration', 'ms', call, 30),
    ...chat,
  ]);
  const { total, requests, thresholds } = summaryOf(
    [done(1, series)],
    planOf({ thresholds: [parseThreshold('http_reqs', 'count==1'), parseThreshold('http_req_failed', 'rate==0')] }),
  );

  expect(requests.map(({ protocol, name, ok, ko, duration }) => [protocol, name, ok, ko, duration?.max])).toEqual([
    ['http', 'buy', 1, 0, 10],
    ['grpc', 'buy', 0, 1, 30],
    ['ws', 'chat', 1, 1, 9000],
  ]);
  expect(total).toMatchObject({ ok: 2, ko: 2, rate: 0.4, duration: { count: 2, max: 30 } });
  expect(total.phases.steady).toMatchObject({ ok: 2, ko: 2 });
  expect(thresholds.map(({ ok }) => ok)).toEqual([true, true]);
  // Where one only waits, that is what there is to tell.
  expect(summaryOf([done(1, seriesOf(chat))]).total).toMatchObject({ ok: 1, ko: 1, duration: { count: 1, max: 9000 } });
});

test('a threshold on one node looks at that node alone', () => {
  const thresholds = ['{node:1}', '{node:2}', '{node:3}', ''].map((node) => parseThreshold(`orders${node}`, 'count>5'));
  const iteration = sample('iteration_failed', 'h', { scenario: 'read' }, 0);
  const orders = (count: number): readonly Series[] => seriesOf([iteration, sample('orders', 'c', {}, count)]);
  const judged = summaryOf([done(1, orders(9)), done(2, orders(2))], planOf({ thresholds }));
  expect(judged.thresholds.map(({ ok, actual }) => [ok, actual])).toEqual([
    [true, 9],
    [false, 2],
    [false, undefined],
    [true, 11],
  ]);
  expect(judged).toMatchObject({ outcome: 'failed', exitCode: 99 });
});

test('a run whose nodes did nothing is not judged, unless it was stopped or has a better reason', () => {
  const idle = [done(1, seriesOf([sample('loop_lag', 'ms', {}, 1)]))];
  expect(summaryOf(idle, planOf())).toMatchObject({
    outcome: 'invalid',
    reasons: ['no iteration began: nothing was measured'],
  });
  expect(summaryOf(idle, planOf(), { stopped: true }).reasons).toEqual(['stopped by the user']);
  const lost = [...idle, { node: 2, lost: 'it was killed' }];
  expect(summaryOf(lost, planOf()).reasons).toEqual(['node 2 was lost: it was killed']);
});

test('iterations, checks and failures have their rows', () => {
  const series = seriesOf([
    sample('iteration_failed', 'h', { scenario: 'read' }, 0, 8),
    sample('iteration_failed', 'h', { scenario: 'read', phase: 'chaos' }, 1, 2),
    sample('iteration_duration', 'ms', { scenario: 'read' }, 100, 10),
    sample('checks', 'h', { check: 'is fast' }, 1, 9),
    sample('checks', 'h', { check: 'is fast' }, 0, 1),
    sample('failures', 'c', { class: 'reset' }, 1),
    sample('failures', 'c', { class: 'timeout' }, 2),
    sample('failures', 'c', { class: 'timeout', phase: 'chaos' }, 3),
  ]);
  const summary = summaryOf([done(1, series, { interrupted: 2 }), done(2, [], { interrupted: 1 })], planOf(), {
    failAt: 2,
  });
  expect(summary).toMatchObject({
    outcome: 'failed',
    exitCode: 97,
    iterations: [{ scenario: 'read', ok: 8, failed: 2, duration: { count: 10, mean: 100 } }],
    interrupted: 3,
    checks: [{ name: 'is fast', ok: 9, failed: 1 }],
    failures: [
      { failure: 'timeout', count: 5 },
      { failure: 'reset', count: 1 },
    ],
  });
});

test('a fault has one row for each of its behaviors, wherever it was injected', () => {
  const slow = { fault: 'slow', proxy: 'web', protocol: 'http', behavior: 'delay' };
  const series = seriesOf([
    sample('faults', 'c', { ...slow, behavior: 'error' }, 1),
    sample('faults', 'c', { ...slow, point: 'forwarded' }, 2),
    sample('faults', 'c', { ...slow, point: 'before' }, 3),
    sample('faults', 'c', { ...slow, proxy: 'db' }, 4),
  ]);
  expect(summaryOf([done(1, series)]).faults).toEqual([
    { ...slow, proxy: 'db', count: 4 },
    { ...slow, count: 5 },
    { ...slow, behavior: 'error', count: 1 },
  ]);
});

test('metrics that are not ours are shown by their kind', () => {
  const series = seriesOf([
    sample('orders', 'c', { a: '1' }, 30),
    sample('orders', 'c', { a: '2' }, 10),
    sample('queue', 'g', {}, 7),
    sample('step', 'ms', {}, 5, 2),
    { ...sample('visitors', 's', {}, 1), text: 'ann' },
    sample('http_reqs', 'c', {}, 1),
  ]);
  expect(summaryOf([done(1, series)]).custom).toMatchObject([
    { metric: 'orders', kind: 'counter', value: 40, rate: 4 },
    { metric: 'queue', kind: 'gauge', value: 7, range: { min: 7, avg: 7, max: 7 } },
    { metric: 'step', kind: 'trend', trend: { count: 2, p50: 5 } },
    { metric: 'visitors', kind: 'set', value: 1 },
  ]);
});

test('the exit codes of a command are counted over all nodes; a scenario file has none', () => {
  const series = seriesOf([
    sample('command_exits', 'c', { code: '0', phase: 'steady' }, 3),
    sample('command_exits', 'c', { code: '0', phase: 'chaos' }, 1),
    sample('command_exits', 'c', { code: '137', phase: 'chaos' }, 1),
  ]);
  const plan = planOf({ scenario: { kind: 'command', command: ['x'] } });
  const summary = summaryOf([done(1, series), done(2, series)], plan);
  expect(summary.commandExits).toEqual([
    { code: 0, count: 8 },
    { code: 137, count: 2 },
  ]);
  expect(summary.custom).toEqual([]);
  expect(summaryOf([done(1, [])]).commandExits).toBeUndefined();
});

test('errors of all nodes are grouped, the most frequent first, and their list is bounded', () => {
  const errors = Array.from({ length: 30 }, (_, i) => errorOf(`e${i}`, i + 1));
  const summary = summaryOf([done(1, [], { errors }), done(2, [], { errors: [errorOf('e0', 100)] })]);
  expect(summary.errors).toHaveLength(20);
  expect(summary.errors.slice(0, 2)).toEqual([errorOf('e0', 101), errorOf('e29', 30)]);
});

test('every node has its row, and a lost one says why', () => {
  const health = seriesOf([
    sample('node_cpu', 'g', {}, 0.5),
    sample('node_cpu', 'g', {}, 1),
    sample('loop_lag', 'ms', {}, 3, 10),
  ]);
  const second = done(2, health, { startedAtMs: START_MS + 40, commandExit: 3 });
  const lost: NodeState = { node: 3, lost: 'it ended before it left a result' };
  const summary = summaryOf([done(1, []), second, lost], planOf({ nodes: 3 }));
  expect(summary.nodeRows).toMatchObject([
    { node: 1, state: 'done', startSkewMs: 0, cpu: undefined },
    { node: 2, state: 'done', startSkewMs: 40, cpu: 0.75, loopLagP99Ms: 3, commandExit: 3 },
    { node: 3, state: 'lost', lost: 'it ended before it left a result', accounting: undefined },
  ]);
  expect(summary).toMatchObject({ outcome: 'invalid', exitCode: 98, startSkewMs: 40, nodes: 3, workers: 4, seed: 7 });
});

test('samples that are missing on one node are missing in all, and an account that does not add up is none', () => {
  const short = { emitted: 10, received: 8, stored: 8, rejected: 0, kernelDrops: 0 };
  const over = { ...short, stored: 12 };
  expect(summaryOf([done(1, [], { accounting: short }), done(2, [], { accounting: short })]).lost).toBe(4);
  expect(summaryOf([done(1, [], { accounting: short }), done(2, [], { accounting: over })]).lost).toBeNull();
});

test('a run of which nothing is left has a summary all the same', () => {
  const summary = summaryOf([{ node: 1, lost: 'gone' }]);
  expect(summary).toMatchObject({ outcome: 'invalid', durationMs: 0, startedAtMs: undefined, requests: [], lost: 0 });
  expect(summary.total).toMatchObject({ ok: 0, ko: 0, rate: 0, duration: undefined });
});

/** Errors as a node leaves them: a group for each message. */
function grouped(errors: readonly ErrorGroup[]): readonly ErrorGroup[] {
  const groups = new Map<string, ErrorGroup>();
  for (const error of errors) {
    const key = `${error.scenario} ${error.message}`;
    groups.set(key, { ...error, count: error.count + (groups.get(key)?.count ?? 0) });
  }
  return [...groups.values()];
}

function errorOf(message: string, count: number): ErrorGroup {
  return { scenario: 'read', failure: 'assertion', message, count };
}

test('a fault tells its first and its last time over all nodes', () => {
  const slow = { fault: 'slow', proxy: 'web', protocol: 'http', behavior: 'delay' };
  const span = (first: number, last: number): FaultSpan => ({
    ...{ fault: 'slow', proxy: 'web', behavior: 'delay' },
    ...{ first: { id: `f${first}`, atMs: first }, last: { id: `f${last}`, atMs: last } },
  });
  const nodes = [
    done(1, seriesOf([sample('faults', 'c', slow, 3)]), { faults: [span(20, 30)] }),
    done(2, [], { faults: [span(10, 25)] }),
  ];
  expect(summaryOf(nodes).faults).toEqual([
    { ...slow, count: 3, first: { id: 'f10', atMs: 10 }, last: { id: 'f30', atMs: 30 } },
  ]);
});

test('errors outside of iterations are noted where they do not fail the run', () => {
  const nodes = [
    done(
      1,
      seriesOf([sample('failures', 'c', { class: 'uncaught' }, 1), sample('failures', 'c', { class: 'teardown' }, 1)]),
    ),
    done(2, seriesOf([sample('iteration_failed', 'h', { scenario: 'read' }, 0, 5)])),
  ];
  const plan = planOf();
  const note = '2 errors came outside of an iteration';
  expect(summaryOf(nodes, plan)).toMatchObject({ outcome: 'passed', warnings: [note] });
  const failed = summaryOf(nodes, plan, { failAt: 1 });
  expect([failed.outcome, failed.reasons, failed.warnings]).toEqual(['failed', [note], undefined]);
});

test('requests whose names were too many are noted, once over all nodes', () => {
  const capped = (sum: number): readonly Series[] => seriesOf([sample('capped_names', 'c', {}, sum)]);
  const { warnings } = summaryOf([done(1, capped(70)), done(2, capped(5))], planOf());
  expect(warnings).toEqual(['75 requests are measured as (other): there were more names than a node keeps']);
});
