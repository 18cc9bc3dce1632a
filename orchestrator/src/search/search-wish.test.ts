import { LoadsError, type RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { ProblemList } from '../config/problem-list.ts';
import { readWish, type SearchFlags, type SearchWish, searchSetup, wishOverrides } from './search-wish.ts';

const delay = { percent: 20, behavior: 'delay', options: { sleep: 300 } };

function planOf(change: Partial<RunPlan> = {}): RunPlan {
  return {
    ...{ version: 1, name: 'shop', scenario: { kind: 'script', file: 'shop.ts' }, nodes: 1, workers: 100 },
    ...{ durationMs: 10_000, gracefulStopMs: 1000, recoveryMs: 2000, seed: 7, env: {}, proxies: [], thresholds: [] },
    schedule: [{ name: 'slow', proxy: 'web', atMs: 0, forMs: 1000, behaviors: [delay] }],
    ...change,
  };
}

function wishOf(flags: SearchFlags): SearchWish {
  const problems = new ProblemList();
  const wish = readWish(flags, problems);
  problems.throwAny();
  return wish;
}

function setupOf(flags: SearchFlags, change: Partial<RunPlan> = {}): ReturnType<typeof searchSetup> {
  return searchSetup(planOf(change), wishOf(flags));
}

test('a search over a load sets the highest, the tolerance and what has to hold', () => {
  const wish = wishOf({ vary: 'rate', to: '30/m', tolerance: '1', until: ['p(95)<300', 'p(99)<1s', 'rate<0.01'] });
  expect(wishOverrides(wish).map(({ path, value }) => [path.join('.'), value])).toEqual([
    ['sizing', true],
    ['rate', '0.5/s'],
    ['sizingTolerance', 1],
    ['thresholds', { http_req_duration: ['p(95)<300', 'p(99)<1s'], http_req_failed: ['rate<0.01'] }],
  ]);
  expect(wishOverrides(wishOf({ vary: 'workers' }))).toHaveLength(1);
  expect(wishOverrides(wishOf({ vary: 'sleep', to: '2s', tolerance: '1' }))).toEqual([]);
});

test('from and to are levels of what varies, and between them it is searched as said', () => {
  const sizing = { tolerance: 0.05 };
  expect(setupOf({ vary: 'workers', from: '10', repeats: '1', precision: '20' }, { sizing })).toMatchObject({
    search: { first: 10, floor: 10, ceiling: 100, repeats: 1, precision: 0.2 },
    tolerance: 0.05,
  });
  expect(setupOf({ vary: 'workers' }, { sizing }).search).toMatchObject({ first: 2, repeats: 3, precision: 0.05 });
  const until = ['p(95)<300'];
  const thresholds = [{ metric: 'x' }] as unknown as RunPlan['thresholds'];
  expect(setupOf({ vary: 'sleep', from: '20ms', to: '2s', until }, { thresholds })).toMatchObject({
    search: { first: 20, floor: 20, ceiling: 2000 },
    // What a fault breaks on purpose counts only where it is asked for.
    tolerance: 1,
    entry: 'slow',
  });
  expect(setupOf({ vary: 'percentage', from: '2.5%', to: '50', tolerance: '3' })).toMatchObject({
    search: { first: 25, ceiling: 500 },
    tolerance: 0.03,
  });
});

test.each<[string, SearchFlags, Partial<RunPlan>]>([
  ['--from: expected a number of workers such as 50', { vary: 'workers', from: '1.5' }, {}],
  ['--to: expected a duration such as 300ms', { vary: 'sleep', to: 'long' }, {}],
  ['--to: expected a percentage up to 100', { vary: 'percentage', to: '101' }, {}],
  ['--from: expected a percentage up to 100', { vary: 'percentage', from: '0' }, {}],
  ['--precision: expected a percentage', { vary: 'workers', precision: '100' }, {}],
  ['--repeats: expected a whole number', { vary: 'workers', repeats: '0' }, {}],
  ['--entry is for the strength of a fault', { vary: 'rate', entry: 'slow' }, {}],
  ['--from is above 100 workers', { vary: 'workers', from: '101' }, {}],
  ['the load of this run is no rate', { vary: 'rate' }, {}],
  ['nothing says when the service breaks', { vary: 'sleep' }, {}],
  ['`sizing` searches over a load', { vary: 'sleep' }, { sizing: { tolerance: 0.05 } }],
  ['`stopOnFailure` ends a trial', { vary: 'sleep' }, { stopOnFailure: true }],
  ['--exception is not for a search: say it with --tolerance 0', { vary: 'sleep', exception: true, to: 'x' }, {}],
  ['--sizing is not for a search', { vary: 'workers', sizing: true }, {}],
  ['--single-run is not for a search', { vary: 'rate', singleRun: true }, {}],
  ['--sizing-tolerance is not for a search', { vary: 'rate', sizingTolerance: '3' }, {}],
  ['--to and --workers both say the most', { vary: 'workers', to: '3', workers: '5' }, {}],
  ['is no threshold', { vary: 'rate', until: ['fast'] }, {}],
])('refuses: %s', (message, flags, change) => {
  const refused = (): unknown => setupOf(flags, change);
  expect(refused).toThrow(LoadsError);
  expect(refused).toThrow(message);
});

test('all that is wrong is told at once', () => {
  const flags: SearchFlags = { vary: 'sleep', from: 'x', to: 'y', repeats: '0', precision: '100', until: ['fast'] };
  expect(() => wishOf(flags)).toThrow(/fast[\s\S]*--from[\s\S]*--to[\s\S]*--precision[\s\S]*--repeats/);
  const change = { stopOnFailure: true, schedule: [] };
  expect(() => setupOf({ vary: 'sleep' }, change)).toThrow(/stopOnFailure[\s\S]*nothing says[\s\S]*no entry/);
});
