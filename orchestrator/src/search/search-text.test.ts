import { expect, test } from 'vitest';
import { painter } from '../console/paint.ts';
import type { SearchReport } from './search-report.ts';
import { searchText } from './search-text.ts';

const plain = painter(false);
const failures = { of: 'requests', ratio: 0 } as const;
const edge = { held: 0, broke: 0, invalid: 0, iterationRate: 10, requestRate: 20, p95Ms: 250, failures, reasons: [] };
const crossed = 'threshold http_req_duration: p(95)<300 does not hold';

function reportOf(change: Partial<SearchReport> = {}): SearchReport {
  return {
    ...{
      version: 1,
      search: 's',
      name: 'shop',
      nodes: 1,
      vary: 'sleep',
      entry: 'slow-db',
      ceiling: 2000,
      tolerance: 1,
    },
    ...{ until: ['http_req_duration: p(95)<300'], end: 'service', confidence: 0.88, elapsedMs: 60_000, trials: [] },
    holds: { ...edge, level: 240, load: 240, name: 'sleep 240ms', held: 3 },
    breaks: { ...edge, level: 250, load: 250, name: 'sleep 250ms', broke: 3, p95Ms: 310, reasons: [crossed] },
    ...change,
  };
}

test('the result is the bracket, what broke, and over what it was searched', () => {
  expect(searchText(reportOf(), plain)).toEqual([
    '',
    'search: holds at sleep 240ms, breaks at sleep 250ms (confidence 88%)',
    '  holds   sleep 240ms: 3 of 3 trials held, 10/s iterations, 20/s requests, p95 250ms, 0% of requests failed',
    '  breaks  sleep 250ms: 0 of 3 trials held, 10/s iterations, 20/s requests, p95 310ms, 0% of requests failed',
    `          ${crossed}`,
    '  over the sleep of slow-db, as long as: http_req_duration: p(95)<300; 0 trials in 1m, 0 iterations',
  ]);
});

test('each way to end has its words', () => {
  const second = (change: Partial<SearchReport>): string | undefined => searchText(reportOf(change), plain)[1];
  expect(second({ holds: undefined })).toContain('nothing holds: it breaks at sleep 250ms');
  expect(second({ end: 'ceiling', breaks: undefined })).toContain(
    'holds at sleep 240ms, the most that was to be tried',
  );
  const invalid = { ...edge, level: 250, load: 250, name: '250/s', invalid: 2, reasons: ['node 1: saturated'] };
  // What could not be judged has not broken.
  expect(searchText(reportOf({ end: 'generator', breaks: invalid }), plain)[3]).toMatch(
    /^ {2}open {4}250\/s: could not be judged \(2 x\)/,
  );
  expect(second({ end: 'generator', breaks: invalid })).toContain('250/s could not be judged: node 1: saturated');
  expect(second({ end: 'trials' })).toContain('not settled after 0 trials; so far sleep 240ms holds');
  expect(second({ end: 'stopped', holds: undefined })).toContain('stopped by the user; so far nothing held');
  expect(searchText(reportOf({ tolerance: 0.05, until: [] }), plain).at(-1)).toContain(
    'as long as: at most 5% of failures;',
  );
});
