import { stagesOf, type Timeline } from '@loads/core';
import { expect, test } from 'vitest';
import { reportOfSeconds, withWebSocket } from './report.test.fixture.ts';
import { stageFigures } from './stages.ts';

const PROFILE = [
  { forMs: 2000, from: 0, to: 10 },
  { forMs: 3000, from: 10, to: 10 },
  { forMs: 1500, from: 10, to: 20 },
  { forMs: 3500, from: 20, to: 20 },
];
const load = [{ atMs: 0, durationMs: 10_000, model: { kind: 'workers' as const, profile: PROFILE } }];

/** Two requests a second and node, then four, then in the last window eight of which many are slow. */
const report = reportOfSeconds(
  10,
  (second) => ({ ms: second < 5 ? [10, 10] : second < 7 ? [10, 20, 30, 40] : [10, 10, 900, 900, 900, 900, 900, 900] }),
  { load },
);

test('a plan has its stages, ramps told from steady windows', () => {
  expect(
    stagesOf(report.record.plan).map(({ kind, from, to, fromMs, toMs }) => [kind, from, to, fromMs, toMs]),
  ).toEqual([
    ['ramp', 0, 10, 0, 2000],
    ['steady', 10, 10, 2000, 5000],
    ['ramp', 10, 20, 5000, 6500],
    ['steady', 20, 20, 6500, 10_000],
  ]);
  const { plan } = reportOfSeconds(3, () => ({ ms: [1] })).record;
  expect(stagesOf(plan)).toMatchObject([{ kind: 'steady', from: 4, to: 4, fromMs: 0, toMs: 3000 }]);
});

test('figures are of whole steps, and the best window is the one that pleases most', () => {
  const { timeline } = report;
  if (!timeline) throw new Error('there is a timeline');
  const figures = stageFigures(stagesOf(report.record.plan), timeline, 100, 10_000);
  // The step in which the ramp ends is in neither stage.
  expect(figures.map(({ count, rate, maxRate, best }) => [count, rate, maxRate, best])).toEqual([
    [8, 4, 4, false],
    [12, 4, 4, true],
    [8, 8, 8, false],
    [48, 16, 16, false],
  ]);
  expect(figures[1]?.apdex).toBe(1);
  expect(figures[3]?.apdex).toBeCloseTo(0.25);
  expect(figures[3]?.p99Ms).toBeCloseTo(900, -2);
});

test('Apdex is that of calls: of connections there is none, and they do not spoil it', () => {
  const stages = stagesOf(report.record.plan);
  const of = (timeline: Timeline | undefined): unknown =>
    timeline && stageFigures(stages, timeline, 100, 10_000).map(({ apdex }) => apdex);
  const mixed = withWebSocket(report).timeline;
  const [, ws] = mixed?.protocols ?? [];
  if (!mixed || !ws) throw new Error('there are two protocols');
  expect(of(mixed)).toEqual(of(report.timeline));
  expect(of({ ...mixed, total: ws, protocols: [] })).toEqual(stages.map(() => undefined));
});

test('a stage that the run did not reach has no figures', () => {
  const { timeline } = report;
  if (!timeline) throw new Error('there is a timeline');
  expect(stageFigures(stagesOf(report.record.plan), timeline, 100, 4500)).toHaveLength(2);
});
