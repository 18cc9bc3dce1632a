import { coarsened, latencyCount, type Track } from '@loads/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heatData } from './heat-data.ts';
import { reportOfSeconds } from './report.test.fixture.ts';

test('every request is in the cell of its moment and its latency', () => {
  const latency = fc.double({ min: 0, max: 60_000, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.array(latency, { maxLength: 4 }), { minLength: 1, maxLength: 6 }), (seconds) => {
      const { timeline } = reportOfSeconds(seconds.length, (second) => ({ ms: seconds[second] ?? [] }), {
        schedule: [],
      });
      if (!timeline) throw new Error('there is a timeline');
      const { bounds, cells, stepS } = heatData(timeline.total);
      expect(stepS).toBe(1);
      for (const [second, list] of seconds.entries()) {
        const column = cells[second] ?? [];
        let count = 0;
        for (let i = 0; i < column.length; i += 2) count += column[i + 1] ?? 0;
        // Two nodes.
        expect(count).toBe(2 * list.length);
        for (const ms of list.filter((one) => one > 0.2)) {
          const near = column.some((row, i) => i % 2 === 0 && inRow(bounds, row, ms));
          expect(near, `${ms} in ${JSON.stringify({ bounds, column })}`).toBe(true);
        }
      }
    }),
    { numRuns: 30 },
  );
});

/** Whether a latency is in a row, as exactly as the timeline knows it. */
function inRow(bounds: readonly number[], row: number, ms: number): boolean {
  return ms >= (bounds[row] ?? 0) * 0.98 && ms <= (bounds[row + 1] ?? 0) * 1.02;
}

test('requests of one row are counted together', () => {
  const { timeline } = reportOfSeconds(1, () => ({ ms: [10.1, 10.6, 11.2, 100] }), { schedule: [] });
  const { cells } = heatData(
    timeline?.total ?? { name: '', stepMs: 1000, count: [], failed: [], bytes: [], latencies: [] },
  );
  expect(cells).toEqual([[0, 6, 12, 2]]);
});

test('an hour is as many columns as can be told apart, with all of its requests', () => {
  const latencies = Array.from({ length: 3600 }, () => [562, 2]);
  const column = latencies.map(() => 2);
  const hour: Track = { name: '(all)', stepMs: 1000, count: column, failed: column, bytes: column, latencies };
  const { stepS, cells, bounds } = heatData(hour);
  expect([stepS, cells.length, bounds.length]).toEqual([16, 225, 2]);
  expect(cells[0]).toEqual([0, 32]);
  expect(latencyCount(coarsened(hour, 16_000).latencies[0] ?? [])).toBe(32);
});

test('nothing measured is an empty map', () => {
  expect(heatData({ name: '', stepMs: 1000, count: [0], failed: [0], bytes: [0], latencies: [[]] })).toEqual({
    ...{ stepS: 1, bounds: [], cells: [[]] },
  });
});
