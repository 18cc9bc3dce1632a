import { expect, test } from 'vitest';
import type { ScheduleEntry } from '../schedule/schedule.ts';
import type { Threshold } from '../thresholds/threshold.ts';
import { configSchema } from './config-schema.ts';
import type { Problem } from './problem.ts';
import { thresholdsOf } from './threshold-plan.ts';

const SCHEDULE: readonly ScheduleEntry[] = [{ name: 'slow-db', proxy: 'db', atMs: 0, forMs: 1, behaviors: [] }];

function read(thresholds: object, schedule = SCHEDULE): { found: readonly Threshold[]; problems: readonly string[] } {
  const problems: Problem[] = [];
  const found = thresholdsOf(configSchema.parse({ scenario: 'a', thresholds }), schedule, problems);
  return { found, problems: problems.map(({ message }) => message) };
}

test('a threshold may end the run, at once or after a while', () => {
  const { found } = read({
    http_reqs: 'count>1',
    http_req_failed: [
      { threshold: 'rate<0.1', abortOnFail: true, delayAbortEval: '10s' },
      { threshold: 'rate<0.2', abortOnFail: true },
      { threshold: 'rate<0.3' },
    ],
    checks: { threshold: 'rate>0.9', abortOnFail: true },
  });
  expect(
    found.map(({ expression, abortOnFail, delayAbortEvalMs }) => [expression, abortOnFail, delayAbortEvalMs]),
  ).toEqual([
    ['count>1', undefined, undefined],
    ['rate<0.1', true, 10_000],
    ['rate<0.2', true, 0],
    ['rate<0.3', undefined, undefined],
    ['rate>0.9', true, 0],
  ]);
});

test.each<[object, readonly ScheduleEntry[], readonly string[]]>([
  [{ 'recovery_time{fault:slow-db}': 'max<5s' }, SCHEDULE, []],
  [{ recovery_time: 'p(90)<5s', detection_time: 'max<3s' }, SCHEDULE, []],
  [{ recovery_time: 'max<5s' }, [], ['recovery_time needs an entry in `chaos`']],
  [{ 'recovery_time{fault:slow_db}': 'max<5s' }, SCHEDULE, ["there is no fault 'slow_db'; did you mean 'slow-db'?"]],
  [
    { recovery_time: { threshold: 'max<5s', abortOnFail: true } },
    SCHEDULE,
    ['recovery_time is known when the run is over: it cannot end it'],
  ],
  [
    { recovery_time: 'rate<5' },
    SCHEDULE,
    ["recovery_time is a trend and has no 'rate'; a trend has avg, min, max, med, p(N), count"],
  ],
])('%j with %j', (thresholds, schedule, problems) => {
  expect(read(thresholds, schedule).problems).toEqual(problems);
});

test('what is no threshold at all is refused by the schema', () => {
  const { error } = configSchema.safeParse({
    scenario: 'a',
    thresholds: { http_reqs: [{ threshold: 'count>1', abort: true }] },
  });
  expect(error?.issues[0]?.path).toEqual(['thresholds', 'http_reqs', 0]);
});
