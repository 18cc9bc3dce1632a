import { randomSequence } from '@loads/core';
import { expect, test } from 'vitest';
import { type Latency, latencyMs } from './latency.ts';

const DRAWS = 50_000;

/** The sorted latencies of many draws. */
function sample(latency: Latency): readonly number[] {
  const next = randomSequence(1, 'latency');
  return Array.from({ length: DRAWS }, () => latencyMs(latency, next(), next())).sort((a, b) => a - b);
}

const at = (sorted: readonly number[], quantile: number): number =>
  sorted[Math.floor(quantile * (DRAWS - 1))] ?? Number.NaN;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('without jitter it is the sleep', () => {
  expect(latencyMs({ sleepMs: 300, jitterMs: 0, distribution: 'normal' }, 0.9, 0.1)).toBe(300);
});

test('uniform: between sleep minus and plus jitter', () => {
  const values = sample({ sleepMs: 100, jitterMs: 50, distribution: 'uniform' });
  expect(at(values, 0)).toBeGreaterThanOrEqual(50);
  expect(at(values, 1)).toBeLessThanOrEqual(150);
  expect(mean(values)).toBeCloseTo(100, -0.5);
});

test('normal: mean sleep, deviation jitter, never negative', () => {
  const values = sample({ sleepMs: 100, jitterMs: 20, distribution: 'normal' });
  expect(mean(values)).toBeCloseTo(100, 0);
  expect(at(values, 0.8413) - at(values, 0.5)).toBeCloseTo(20, 0);
  expect(at(sample({ sleepMs: 10, jitterMs: 50, distribution: 'normal' }), 0)).toBe(0);
});

test('pareto: never below sleep, with a heavy tail', () => {
  const values = sample({ sleepMs: 100, jitterMs: 10, distribution: 'pareto' });
  expect(at(values, 0)).toBeGreaterThanOrEqual(100);
  expect(at(values, 0.5)).toBeCloseTo(102.6, 0);
  expect(at(values, 0.99)).toBeGreaterThan(130);
});

test('quantiles are met, and it is linear between them', () => {
  const values = sample({
    sleepMs: 0,
    jitterMs: 0,
    distribution: 'uniform',
    quantiles: [
      [50, 10],
      [95, 100],
      [100, 1000],
    ],
  });
  expect(at(values, 0.25)).toBeCloseTo(5, 0);
  expect(at(values, 0.5)).toBeCloseTo(10, 0);
  expect(at(values, 0.94)).toBeCloseTo(98, -1);
  expect(at(values, 1)).toBeLessThanOrEqual(1000);
});
