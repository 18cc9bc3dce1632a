import { expect, test } from 'vitest';
import { chaosPlanOf, entry } from '../recovery/run.test.fixture.ts';
import { resultOf, START_MS } from '../result/result.test.fixture.ts';
import type { FaultWindow } from '../timeline/fault-window.ts';
import { emptyTimeline } from '../timeline/timeline.ts';
import { windowReasons } from './window-reasons.ts';

const PLAN = chaosPlanOf([entry('slow', 2000, 3000), entry('slow', 8000, 3000), entry('far', 8000, 3000, 'elsewhere')]);

/** What is said of a node that ran for 20 s and has seen these windows. */
function reasons(windows: readonly FaultWindow[], node = 2, lastedMs = 20_000): readonly string[] {
  const result = resultOf({ node, endedAtMs: START_MS + lastedMs, timeline: { ...emptyTimeline(), windows } });
  return windowReasons(PLAN, result, 1000);
}

const window = (plannedMs: number, late = 0, ended: number | null = late): FaultWindow => {
  const toMs = ended === null ? null : plannedMs + 3000 + ended;
  return { fault: 'slow', proxy: 'db', plannedMs, fromMs: plannedMs + late, toMs };
};
const WHERE = 'fault slow on proxy db, node 2';

test.each<[string, readonly FaultWindow[], readonly string[]]>([
  ['all was kept', [window(2000), window(8000, 3)], []],
  [
    'it was late',
    [window(2000, 1001, 1), window(8000, 0, 1500)],
    [`${WHERE}: it was 1001 ms late (limit 1000 ms)`, `${WHERE}: it was 1500 ms late (limit 1000 ms)`],
  ],
  ['one was left out', [window(8000)], [`${WHERE}: it was not in force at its time`]],
  ['one was not healed', [window(2000), window(8000, 0, null)], [`${WHERE}: nobody saw it end`]],
])('%s', (_, windows, wanted) => {
  expect(reasons(windows)).toEqual(wanted);
});

test('what was to come after the end is not missed, and node 1 answers for what stands elsewhere', () => {
  expect(reasons([window(2000)], 2, 8500)).toEqual([]);
  expect(reasons([window(2000), window(8000)], 1)).toEqual([
    'fault far on proxy elsewhere, node 1: it was not in force at its time',
  ]);
});

test('a result without a timeline, and a node that never began, say nothing', () => {
  expect(windowReasons(PLAN, resultOf(), 1000)).toEqual([]);
  expect(windowReasons(PLAN, resultOf({ timeline: emptyTimeline(), startedAtMs: undefined }), 1000)).toEqual([]);
});
