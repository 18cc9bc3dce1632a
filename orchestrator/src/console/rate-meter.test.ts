import { expect, test } from 'vitest';
import { progressAt } from './progress.test.fixture.ts';
import { rateMeter } from './rate-meter.ts';

test('the rate is that of the last whole change of the totals', () => {
  const rate = rateMeter();
  const readings: readonly (readonly [number, number])[] = [
    [200, 0],
    [1000, 100], // 100 in 1 s
    [1200, 100], // nothing new
    [1400, 150], // too soon after the last
    [2000, 350], // 250 in 1 s
  ];
  const rates = readings.map(([elapsedMs, requests]) => rate(progressAt(elapsedMs, { requests, samples: requests })));
  expect(rates).toEqual([0, 100, 100, 100, 250]);
});

test('what no longer moves has the rate 0, and moves again', () => {
  const rate = rateMeter();
  const at = (elapsedMs: number, requests: number): number => rate(progressAt(elapsedMs, { requests, samples: 0 }));
  expect(at(1000, 300)).toBe(300);
  expect(at(3400, 300)).toBe(300);
  expect(at(3600, 300)).toBe(0);
  expect(at(4600, 350)).toBe(50);
});

test('samples give way to requests without a negative rate', () => {
  const rate = rateMeter();
  expect(rate(progressAt(1000, { requests: 0, samples: 500 }))).toBe(500);
  expect(rate(progressAt(2000, { requests: 10, samples: 600 }))).toBe(0);
});
