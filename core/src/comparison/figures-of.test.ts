import fc from 'fast-check';
import { expect, test } from 'vitest';
import { samplesOnNodes, seriesOf, splitOverNodes, type TestSample } from '../metrics/samples.test.fixture.ts';
import { mergeSeries, type Series } from '../metrics/series.ts';
import { planOf } from '../plan/plan.test.fixture.ts';
import { resultOf } from '../result/result.test.fixture.ts';
import { summarize } from '../summary/summarize.ts';
import { timelineOf } from '../timeline/timeline.test.fixture.ts';
import { mergeTimelines, type Timeline } from '../timeline/timeline.ts';
import { baselineText } from './baseline.ts';
import { figuresOf } from './figures-of.ts';
import type { RunFigures } from './run-figures.ts';

const behaviors = [{ percent: 100, behavior: 'delay', options: {} }];
/** Steady until 2 s, chaos until 4 s, recovery until 6 s. */
const PLAN = planOf({ schedule: [{ name: 'slow', proxy: 'web', atMs: 2000, forMs: 2000, behaviors }] });
const DESCRIPTION = { createdAt: '2026-11-21T12:00:00.000Z', labels: {}, load: {}, made: {} };

function figures(series: readonly Series[], timeline?: Timeline): RunFigures {
  const summary = summarize(PLAN, [{ node: 1, result: resultOf({ series, timeline }) }], {
    ...{ run: 'r1', tolerateLostNodes: false, stopped: false },
  });
  return figuresOf({ plan: PLAN, summary, series, timeline }, DESCRIPTION);
}

function request(tags: Readonly<Record<string, string>>, value: number, failed = 0): readonly TestSample[] {
  return [
    { metric: 'http_req_failed', type: 'h', tags, value: failed, weight: 1 },
    { metric: 'http_req_duration', type: 'ms', tags, value, weight: 1 },
  ];
}

test('the figures of samples spread over nodes in any way are those of one node', () => {
  fc.assert(
    fc.property(samplesOnNodes, (samples) => {
      const one = figures(seriesOf(samples.map(([sample]) => sample)));
      const several = figures(mergeSeries(splitOverNodes(samples)));
      expect(baselineText(several)).toBe(baselineText(one));
    }),
    { numRuns: 50 },
  );
});

test('there is a part for all requests by phase and by fault, and for each name by phase', () => {
  const { parts } = figures(
    seriesOf([
      ...request({ name: 'GET /', phase: 'steady' }, 10),
      ...request({ name: 'GET /', phase: 'chaos', fault: 'slow' }, 300, 1),
      ...request({ name: 'POST /', phase: 'chaos', fault: 'slow+other' }, 500),
      ...request({ name: 'POST /', phase: 'setup' }, 900),
    ]),
  );
  expect(parts.map(({ name, phase, fault, count, failed }) => [name, phase, fault, count, failed])).toEqual([
    [undefined, 'steady', undefined, 1, 0],
    [undefined, 'chaos', undefined, 2, 1],
    [undefined, undefined, 'slow', 2, 1],
    ['GET /', 'steady', undefined, 1, 0],
    ['GET /', 'chaos', undefined, 1, 1],
    ['POST /', 'chaos', undefined, 1, 0],
  ]);
  expect(parts[2]?.durations.max).toBe(500);
});

test('one name is all there is, and where there are no requests there are iterations', () => {
  expect(figures(seriesOf(request({ name: 'GET /', phase: 'steady' }, 10))).parts).toHaveLength(1);
  const iterations = ['read', 'buy'].flatMap((scenario): readonly TestSample[] => [
    { metric: 'iteration_duration', type: 'ms', tags: { scenario, phase: 'steady' }, value: 5, weight: 1 },
    { metric: 'iteration_failed', type: 'h', tags: { scenario, phase: 'steady' }, value: 1, weight: 1 },
  ]);
  const { parts } = figures(seriesOf(iterations));
  expect(parts.map(({ metric, name, count, failed }) => [metric, name, count, failed])).toEqual([
    ['iteration_duration', undefined, 2, 2],
    ['iteration_duration', 'buy', 1, 1],
    ['iteration_duration', 'read', 1, 1],
  ]);
});

test('requests of each protocol are by themselves, and iterations are left out beside them', () => {
  const call: readonly TestSample[] = [
    {
      metric: 'grpc_req_duration',
      type: 'ms',
      tags: { name: 'shop.Shop/Get', phase: 'chaos', fault: 'slow' },
      value: 7,
      weight: 1,
    },
    {
      metric: 'grpc_req_failed',
      type: 'h',
      tags: { name: 'shop.Shop/Get', phase: 'chaos', fault: 'slow' },
      value: 1,
      weight: 1,
    },
    { metric: 'iteration_duration', type: 'ms', tags: { scenario: 'buy', phase: 'chaos' }, value: 9, weight: 1 },
  ];
  const { parts } = figures(seriesOf([...call, ...request({ name: 'GET /', phase: 'steady' }, 10)]));
  expect(parts.map(({ metric, phase, fault, failed }) => [metric, phase, fault, failed])).toEqual([
    ['http_req_duration', 'steady', undefined, 0],
    ['grpc_req_duration', 'chaos', undefined, 1],
    ['grpc_req_duration', undefined, 'slow', 1],
  ]);
});

test.each(['http', 'grpc'])(
  'how requests of %s cling together is read from the timeline, each phase by its own seconds',
  (protocol) => {
    const plan = planOf({
      schedule: [{ name: 'slow', proxy: 'web', atMs: 10_000, forMs: 10_000, behaviors }],
      recoveryMs: 0,
    });
    // Steady seconds are alike; of those with the fault every other one is slow as a whole.
    const list = Array.from({ length: 20 }, (_, second) => ({
      ...{ second, name: 'GET /', failed: 0, protocol },
      durations: Array.from({ length: 50 }, (__, i) => (second >= 10 && second % 2 === 0 ? 1000 : 10) + i),
    }));
    const series = seriesOf([
      ...request({ name: 'GET /', phase: 'steady' }, 10),
      ...request({ name: 'GET /', phase: 'chaos', fault: 'slow' }, 1000),
    ]).map((one) => ({ ...one, metric: one.metric.replace('http', protocol) }));
    // Another protocol at the same time does not blur it.
    const other = list.map((second) => ({ ...second, durations: [5, 5, 5], protocol: 'ws' }));
    const timeline = mergeTimelines([timelineOf(list), timelineOf(other)]);
    const summary = summarize(plan, [{ node: 1, result: resultOf({ series, timeline }) }], {
      ...{ run: 'r1', tolerateLostNodes: false, stopped: false },
    });
    const { parts } = figuresOf({ plan, summary, series, timeline }, DESCRIPTION);
    const [steady, chaos, slow] = parts.map(({ clustering }) => clustering);
    expect(steady?.p50).toBe(1);
    expect(chaos?.p50).toBeGreaterThan(25);
    expect(slow).toEqual(chaos);
    expect(chaos?.failures).toBe(1);
  },
);

test('the worst window speaks for a fault, and its recovery is known when that of all windows is', () => {
  const window = { fault: 'slow', proxy: 'web', fromMs: 0, toMs: 1, stepMs: 1000 };
  const summary = summarize(PLAN, [{ node: 1, result: resultOf() }], {
    ...{ run: 'r1', tolerateLostNodes: false, stopped: false },
  });
  const recovery = [
    {
      ...{ fault: 'slow', requests: 9, failed: 9, failedBecause: 8 },
      windows: [
        { ...window, effect: 'collapsed' as const, recoveryMs: 2000 },
        { ...window, effect: 'none' as const, recoveryMs: 0 },
      ],
    },
    {
      ...{ fault: 'down', requests: 9, failed: 9, failedBecause: 8 },
      windows: [
        { ...window, effect: 'unknown' as const, reason: 'the load ended' },
        { ...window, effect: 'degraded' as const, recoveryMs: 0 },
      ],
    },
  ];
  const { faults } = figuresOf({ plan: PLAN, summary: { ...summary, recovery }, series: [] }, DESCRIPTION);
  expect(faults).toEqual([
    { fault: 'slow', effect: 'collapsed', failedBecause: 8, recoveryMs: 2000 },
    { fault: 'down', effect: 'degraded', failedBecause: 8 },
  ]);
});
