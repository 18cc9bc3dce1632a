import { expect, test } from 'vitest';
import { planOf } from '../plan/plan.test.fixture.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { resultOf, START_MS } from '../result/result.test.fixture.ts';
import { summarize } from '../summary/summarize.ts';
import { eventPoint, judgedEvents, plannedEvents, scaleEvent } from './event-points.ts';
import { judgedRunPoint, runPoint, thresholdPoints } from './run-points.ts';

const plan = planOf({
  schedule: [
    {
      name: 'late',
      proxy: 'web',
      atMs: 6000,
      forMs: 3000,
      behaviors: [{ percent: 5, behavior: 'error', options: {} }],
    },
    {
      ...{ name: 'early', proxy: 'db', atMs: 0, forMs: 1000 },
      behaviors: [
        { percent: 20, behavior: 'delay', options: {} },
        { percent: 80, behavior: 'hang', options: {} },
      ],
    },
  ],
});
const identity = { run: 'r1', plan, startMs: START_MS };
const OPTIONS = { run: 'r1', tolerateLostNodes: true, stopped: false };

/** A run of which node 1 ended after so many ms, and node 2 was lost. */
function judged(ms: number) {
  const result = resultOf({ endedAtMs: START_MS + ms });
  return summarize(
    plan,
    [
      { node: 1, result },
      { node: 2, lost: 'killed' },
    ],
    OPTIONS,
  );
}

test('a run that has begun says when it and its faults begin and end', () => {
  const events = plannedEvents(identity).map(({ type, atMs, endMs, title }) => [
    type,
    atMs - START_MS,
    endMs === undefined ? undefined : endMs - START_MS,
    title,
  ]);
  expect(events).toEqual([
    ['run_start', 0, 10_000, 'shop started'],
    ['fault_on', 0, 1000, 'early on'],
    ['fault_off', 1000, undefined, 'early off'],
    ['fault_on', 6000, 9000, 'late on'],
    ['fault_off', 9000, undefined, 'late off'],
  ]);
  expect(plannedEvents(identity)[1]?.text).toBe('20 % delay, 80 % hang on db');
  expect(plannedEvents({ ...identity, plan: { ...plan, durationMs: null } })[0]?.endMs).toBeUndefined();
});

test('the stages of each load are told, where it has several', () => {
  const profile = [
    { forMs: 2000, from: 0, to: 50 },
    { forMs: 0, from: 50, to: 20 },
    { forMs: 3000, from: 20, to: 20 },
  ];
  const load = [
    { scenario: 'buy', atMs: 1000, durationMs: 5000, model: { kind: 'workers' as const, profile } },
    { atMs: 0, durationMs: 5000, model: { kind: 'workers' as const, profile: profile.slice(2) } },
  ];
  const events = plannedEvents({ ...identity, plan: { ...plan, load, schedule: [] } }, START_MS + 4000);
  expect(events.slice(1)).toEqual([
    {
      ...{ type: 'stage', atMs: START_MS + 1000, endMs: START_MS + 3000, title: 'stage 1 of 2' },
      ...{ text: '0 to 50 workers', tags: { scenario: 'buy' } },
    },
    {
      ...{ type: 'stage', atMs: START_MS + 3000, endMs: START_MS + 4000, title: 'stage 2 of 2' },
      ...{ text: '20 workers', tags: { scenario: 'buy' } },
    },
  ]);
});

test('of a run that ended early only that is told which happened, and who was lost', () => {
  const events = judgedEvents(identity, judged(7000)).map(({ type, atMs, endMs }) => [
    type,
    atMs - START_MS,
    endMs === undefined ? undefined : endMs - START_MS,
  ]);
  expect(events).toEqual([
    ['run_start', 0, 7000],
    ['fault_on', 0, 1000],
    ['fault_off', 1000, undefined],
    ['fault_on', 6000, 7000],
    ['node_lost', 7000, undefined],
    ['run_end', 7000, undefined],
  ]);
});

test('what a node tells while it runs is what is told at the end: the same series and instant', () => {
  const keyOf = (events: ReturnType<typeof plannedEvents>): readonly string[] =>
    events.map((event) => eventPoint('r1', event)).map(({ tags, atMs }) => JSON.stringify([tags, atMs]));
  const [during, after] = [keyOf(plannedEvents(identity)), keyOf(judgedEvents(identity, judged(10_000)))];
  expect(after).toEqual(expect.arrayContaining([...during]));
  expect(new Set(after).size).toBe(after.length);
  const { tags, fields, measurement } = eventPoint('r1', plannedEvents(identity)[1] ?? expect.fail());
  expect([measurement, tags]).toEqual(['events', { run: 'r1', type: 'fault_on', fault: 'early', proxy: 'db' }]);
  expect(fields).toEqual({ title: 'early on', text: '20 % delay, 80 % hang on db', time_end: START_MS + 1000 });
});

test('a number of workers that was set is told at the end as it was when it was set', () => {
  const summary = { ...judged(10_000), scalings: [{ atMs: 2500.25, workers: 80 }] };
  expect(judgedEvents(identity, summary)).toContainEqual(scaleEvent(START_MS + 2500.25, 80));
  expect(eventPoint('r1', scaleEvent(START_MS + 2500.25, 80))).toMatchObject({
    tags: { run: 'r1', type: 'scale' },
    fields: { title: 'scaled to 80 workers' },
  });
});

test('the point of a run is the same before and after it is judged, but for what came of it', () => {
  const [before, after] = [runPoint(identity), judgedRunPoint(identity, judged(7000))];
  expect([after.tags, after.atMs]).toEqual([before.tags, before.atMs]);
  expect(after.fields).toMatchObject({
    ...before.fields,
    end_ms: START_MS + 7000,
    duration_ms: 7000,
    outcome: 'invalid',
  });
  expect(after.fields).toMatchObject({ exit_code: 98, requests: 0, failed: 0, lost_samples: 0 });
});

test('thresholds are stored with what was measured, if anything was', () => {
  const summary = {
    ...judged(7000),
    thresholds: [
      { metric: 'http_req_duration{name:x}', expression: 'p(95)<300', ok: true, actual: 12.5 },
      { metric: 'orders', expression: 'count>1', ok: false, reason: 'nothing was measured' },
    ],
  };
  expect(thresholdPoints(identity, summary).map(({ tags, fields }) => [tags, fields])).toEqual([
    [
      { run: 'r1', metric: 'http_req_duration{name:x}', expression: 'p(95)<300' },
      { ok: 1, actual: 12.5 },
    ],
    [
      { run: 'r1', metric: 'orders', expression: 'count>1' },
      { ok: 0, actual: undefined },
    ],
  ]);
});

test('the steps of a ramp are one region, and repeats are regions of their own', () => {
  const step = (atMs: number, percent: number): object => ({
    ...{ name: 'more', proxy: 'db', atMs, forMs: 1000 },
    behaviors: [{ percent, behavior: 'delay', options: {} }],
  });
  const schedule = [step(0, 10), step(1000, 20), step(5000, 10)] as unknown as RunPlan['schedule'];
  const events = plannedEvents({ run: 'r1', plan: planOf({ schedule }), startMs: 0 });
  expect(events.filter(({ type }) => type === 'fault_on').map(({ atMs, endMs, text }) => [atMs, endMs, text])).toEqual([
    [0, 2000, '10 % delay to 20 % delay on db'],
    [5000, 6000, '10 % delay on db'],
  ]);
});
