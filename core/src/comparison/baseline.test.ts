import { expect, test } from 'vitest';
import { baselineText, readBaseline } from './baseline.ts';
import { compareRuns } from './compare-runs.ts';
import { partOf, runOf, spread } from './figures.test.fixture.ts';

const run = runOf(
  [
    partOf(spread(10, 20, 500), { failed: 3, clustering: { p50: 2, p95: 1.5, p99: 1, failures: 1 } }),
    partOf(spread(100, 200, 300), { fault: 'slow' }),
    partOf(spread(10, 12, 100), { name: 'GET /</script>', phase: 'chaos' }),
  ],
  {
    labels: { version: '2' },
    faults: [{ fault: 'slow', effect: 'degraded', failedBecause: 1, recoveryMs: 1000 }],
    thresholds: [{ metric: 'http_reqs', expression: 'count>1', ok: true }],
  },
);

test('a baseline is read as it was kept, to the last bucket', () => {
  const read = readBaseline(baselineText(run), 'b.json');
  expect(JSON.parse(baselineText(read))).toEqual(JSON.parse(baselineText(run)));
  expect(compareRuns(run, read)).toEqual(compareRuns(run, run));
  expect(read.parts[0]?.durations.quantile(0.95)).toBe(run.parts[0]?.durations.quantile(0.95));
});

test('a version control shows which part changed: each has a line', () => {
  const lines = baselineText(run).split('\n');
  expect(lines.filter((line) => line.includes('"metric":"http_req_duration"'))).toHaveLength(3);
  expect(baselineText(run).length).toBeLessThan(6000);
});

const json = JSON.parse(baselineText(run)) as Record<string, unknown> & { parts: Record<string, unknown>[] };

test.each<[string, string, string]>([
  ['no JSON', baselineText(run).slice(0, 300), 'b.json is no baseline: it is no JSON'],
  ['something else', '[]', 'b.json is no baseline: '],
  ['another version', JSON.stringify({ ...json, version: 2 }), 'written by another version of loads'],
  ['no parts', JSON.stringify({ ...json, parts: undefined }), 'b.json is no baseline: '],
  [
    'a damaged histogram',
    JSON.stringify({
      ...json,
      parts: json.parts.map((part) => ({ ...part, durations: { count: 9, sum: 1, buckets: [] } })),
    }),
    'A histogram is damaged',
  ],
])('%s is told in one message', (_, text, message) => {
  expect(() => readBaseline(text, 'b.json')).toThrow(
    expect.objectContaining({ code: 'ERR_RUN_DAMAGED', message: expect.stringContaining(message) }),
  );
});
