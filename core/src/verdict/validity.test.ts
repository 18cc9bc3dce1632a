import { expect, test } from 'vitest';
import { seriesOf, type TestSample } from '../metrics/samples.test.fixture.ts';
import { planOf } from '../plan/plan.test.fixture.ts';
import { resultOf, START_MS } from '../result/result.test.fixture.ts';
import type { ScheduleEntry } from '../schedule/schedule.ts';
import { emptyTimeline } from '../timeline/timeline.ts';
import { type NodeState, startSkew, validity, warnings } from './validity.ts';

const STRICT = { tolerateLostNodes: false, stopped: false };
const WHOLE: NodeState = { node: 1, result: resultOf() };
const GONE: NodeState = { node: 2, lost: 'it ended before it left a result' };
const ACCOUNT = resultOf().accounting;

test('a run of whole nodes is valid', () => {
  expect(validity(planOf(), [WHOLE, { node: 2, result: resultOf({ node: 2 }) }], STRICT)).toEqual({
    invalid: [],
    tolerated: [],
  });
});

test('a lost node makes the run invalid, unless the user tolerates it and there is another', () => {
  const reason = 'node 2 was lost: it ended before it left a result';
  expect(validity(planOf(), [WHOLE, GONE], STRICT)).toEqual({ invalid: [reason], tolerated: [] });
  const tolerant = { ...STRICT, tolerateLostNodes: true };
  expect(validity(planOf(), [WHOLE, GONE], tolerant)).toEqual({ invalid: [], tolerated: [reason] });
  expect(validity(planOf(), [GONE], tolerant)).toEqual({ invalid: [reason], tolerated: [] });
});

test('the accounts of a lost node are not held against it: its checkpoint is known to be short', () => {
  const result = resultOf({ node: 2, final: false, accounting: { ...ACCOUNT, stored: 3 } });
  const { invalid } = validity(planOf(), [WHOLE, { node: 2, result, lost: 'its sidecar ended early' }], STRICT);
  expect(invalid).toEqual(['node 2 was lost: its sidecar ended early']);
});

test.each([
  [{ ...ACCOUNT, emitted: 12 }, ['node 1: 2 samples were lost']],
  [{ ...ACCOUNT, emitted: null, received: 13, rejected: 3 }, ['node 1: 3 samples were lost']],
  [{ ...ACCOUNT, emitted: 9 }, ['node 1: the accounts do not add up: 10 samples stored, but only 9 emitted']],
  [{ ...ACCOUNT, emitted: null }, []],
])('samples have to add up: %o', (accounting, invalid) => {
  expect(validity(planOf(), [{ node: 1, result: resultOf({ accounting }) }], STRICT).invalid).toEqual(invalid);
});

test('a single run is not judged by the lag of its generator', () => {
  const lag: TestSample = { metric: 'loop_lag', type: 'ms', tags: {}, value: 500, weight: 10 };
  const slow = { node: 1, result: resultOf({ series: seriesOf([lag]) }) };
  const once = { atMs: 0, durationMs: null, model: { kind: 'once', workers: 1 } } as const;
  expect(validity(planOf({ load: [once] }), [slow], STRICT).invalid).toEqual([]);
  expect(validity(planOf(), [slow], STRICT).invalid).toHaveLength(1);
});

test('a saturated generator makes the run invalid', () => {
  const lag = (value: number, weight: number): TestSample => ({
    metric: 'loop_lag',
    type: 'ms',
    tags: {},
    value,
    weight,
  });
  const reasons = (...samples: readonly TestSample[]): readonly string[] =>
    validity(planOf(), [{ node: 1, result: resultOf({ series: seriesOf(samples) }) }], STRICT).invalid;
  expect(reasons(lag(1, 990), lag(500, 10))).toEqual([]);
  expect(reasons(lag(100, 1000))).toEqual([]);
  expect(reasons(lag(1, 900), lag(500, 100))).toEqual([
    'node 1: the generator was saturated: p99 of its loop lag is 500 ms (limit 100 ms)',
  ]);
});

test('a busy core is worth a warning, and makes the run invalid when its loop lags, too', () => {
  const lag = (ms: number): TestSample => ({ metric: 'loop_lag', type: 'ms', tags: {}, value: ms, weight: 1000 });
  const node = (cpu: number, lagMs: number): readonly NodeState[] => {
    const load = { ...emptyTimeline().load, cpu: [0.1, cpu, null, cpu] };
    return [{ node: 1, result: resultOf({ series: seriesOf([lag(lagMs)]), timeline: { ...emptyTimeline(), load } }) }];
  };
  expect(validity(planOf(), node(0.96, 20), STRICT).invalid).toEqual([]);
  expect(validity(planOf(), node(0.94, 50), STRICT).invalid).toEqual([]);
  expect(validity(planOf(), node(0.96, 50), STRICT).invalid).toEqual([
    'node 1: the generator was saturated: it took 96 % of a core, and p95 of its loop lag is 50 ms (limits 95 % and 25 ms)',
  ]);
  const told = (nodes: readonly NodeState[]): readonly string[] => warnings(planOf(), nodes);
  expect([told(node(0.94, 1)), told(node(0.96, 1)), told([GONE])]).toEqual([
    [],
    ['node 1: its scenario process took 96 % of a core: latencies may be its own'],
    [],
  ]);
  // It is busy on purpose.
  const busyWait = planOf({ busyWait: true });
  expect([validity(busyWait, node(1, 50), STRICT).invalid, warnings(busyWait, node(1, 1))]).toEqual([[], []]);
});

test('rows that were used up are noted', () => {
  expect(warnings(planOf(), [{ node: 2, result: resultOf({ rowsUsedUp: true }) }])).toEqual([
    'node 2: a feeder had no row left, which ended its load',
  ]);
});

test('a plan says how late the generator may be: its loop, its schedule, its start, and a quarter of it on a busy core', () => {
  const samples = ['loop_lag', 'schedule_lag'].map(
    (metric): TestSample => ({ metric, type: 'ms', tags: {}, value: 450, weight: 10 }),
  );
  const load = { ...emptyTimeline().load, cpu: [1] };
  const late = resultOf({ series: seriesOf(samples), timeline: { ...emptyTimeline(), load }, startedAtMs: 450 });
  const nodes: readonly NodeState[] = [
    { node: 1, result: resultOf({ startedAtMs: 0 }) },
    { node: 2, result: late },
  ];
  const count = (maxLagMs: number): number => validity(planOf({ maxLagMs }), nodes, STRICT).invalid.length;
  expect([count(400), count(500), count(2000)]).toEqual([3, 1, 0]);
});

test('a plan that lets its generator be over a second late lets its faults, up to half their length', () => {
  const entry = { name: 'slow', proxy: 'db', atMs: 1000, forMs: 3000, behaviors: [], optional: true };
  const window = { fault: 'slow', proxy: 'db', plannedMs: 1000, fromMs: 2800, toMs: 5800 };
  const [schedule, windows] = [[entry], [window]];
  const proxies = [{ name: 'db', backend: { host: 'db', port: 1 }, protocol: 'tcp', behaviors: [] }];
  const result = resultOf({ timeline: { ...emptyTimeline(), windows }, startedAtMs: 0, endedAtMs: 9000 });
  const found = (maxLagMs: number): readonly string[] =>
    validity(planOf({ maxLagMs, schedule, proxies }), [{ node: 1, result }], STRICT).invalid;
  expect(found(2000)).toEqual(['fault slow on proxy db, node 1: it was 1800 ms late (limit 1500 ms)']);
  expect(found(500)).toEqual(['fault slow on proxy db, node 1: it was 1800 ms late (limit 1000 ms)']);
  schedule[0] = { ...entry, forMs: 4000 };
  windows[0] = { ...window, toMs: 6800 };
  expect(found(2000)).toEqual([]);
});

test('an optional fault may touch nothing, and a fault that is repeated is told once', () => {
  const entry = {
    name: 'slow',
    proxy: 'web',
    forMs: 1000,
    behaviors: [{ percent: 10, behavior: 'delay', options: {} }],
  };
  const reasons = (change: object): readonly string[] => {
    const schedule = [0, 2000].map((atMs) => ({ ...entry, atMs, ...change }));
    return validity(planOf({ schedule }), [WHOLE], STRICT).invalid;
  };
  expect(reasons({ optional: true })).toEqual([]);
  expect(reasons({})).toEqual(['fault slow touched nothing on proxy web']);
});

test('nodes that started too far apart make the run invalid', () => {
  const started = (node: number, startedAtMs: number | undefined): NodeState => ({
    node,
    result: resultOf({ node, startedAtMs }),
  });
  const nodes = (skewMs: number): readonly NodeState[] => [
    started(1, START_MS + skewMs),
    started(2, START_MS),
    started(3, undefined),
  ];
  expect(validity(planOf(), nodes(100), STRICT).invalid).toEqual([]);
  expect(validity(planOf(), nodes(101), STRICT).invalid).toEqual(['the nodes started 101 ms apart (limit 100 ms)']);
  expect(startSkew([resultOf({ startedAtMs: undefined })])).toBeUndefined();
});

test('a node that began after the planned instant makes the run invalid', () => {
  const late = (startLateMs: number): NodeState => ({ node: 1, result: resultOf({ startLateMs }) });
  expect(validity(planOf(), [late(100)], STRICT).invalid).toEqual([]);
  expect(validity(planOf(), [late(2100)], STRICT).invalid).toEqual(['node 1 started 2100 ms late (limit 100 ms)']);
  expect(validity(planOf({ maxLagMs: 3000 }), [late(2100)], STRICT).invalid).toEqual([]);
});

test('a fault that touched nothing on any node makes the run invalid, unless it was stopped before', () => {
  const entry = (name: string, atMs: number, behavior = 'delay'): ScheduleEntry => ({
    name,
    proxy: 'web',
    atMs,
    forMs: 1000,
    behaviors: [{ percent: 10, behavior, options: {} }],
  });
  const schedule = [entry('slow', 0), entry('dead', 2000), entry('none', 3000, 'dummy'), entry('late', 11_000)];
  const plan = planOf({ schedule });
  const hit: TestSample = { metric: 'faults', type: 'c', tags: { fault: 'slow', proxy: 'web' }, value: 1, weight: 1 };
  const nodes = [{ node: 1, result: resultOf({ series: seriesOf([hit]) }) }, WHOLE];
  expect(validity(plan, nodes, STRICT).invalid).toEqual(['fault dead touched nothing on proxy web']);
  expect(validity(plan, nodes, { ...STRICT, stopped: true }).invalid).toEqual([]);
});

test('what a node could not do as the plan says makes the run invalid, and so does the loss of the one that drives remotes', () => {
  const problem = 'proxy db: it was not told of the start';
  expect(validity(planOf(), [{ node: 1, result: resultOf({ problems: [problem] }) }], STRICT).invalid).toEqual([
    problem,
  ]);
  const remotes = [{ name: 'db', control: 'http://chaos:8080', remoteName: 'db', entries: [] }];
  const tolerant = { ...STRICT, tolerateLostNodes: true };
  const driverLost = [
    { node: 1, lost: 'it ended' },
    { node: 2, result: resultOf({ node: 2 }) },
  ];
  const lost = 'node 1 was lost: it ended';
  expect(validity(planOf({ remotes }), driverLost, tolerant)).toEqual({
    invalid: ['proxy db: node 1, which drove it, was lost'],
    tolerated: [lost],
  });
  expect(validity(planOf({ remotes }), [WHOLE, GONE], tolerant).invalid).toEqual([]);
  expect(validity(planOf(), driverLost, tolerant).invalid).toEqual([]);
});
