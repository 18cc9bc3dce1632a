import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HostSample } from './host-sample.ts';
import { ratesBetween } from './rates-between.ts';

function sample(uptime: number, busy: number, total: number, bytes = 0): HostSample {
  return {
    version: 1,
    uptime,
    cpu: { busy, total },
    network: { in: bytes, out: 2 * bytes },
    plugins: {},
    refused: 0,
  };
}

const amount = fc.integer({ min: 0, max: 1e12 });
const seconds = fc.integer({ min: 1, max: 100_000 });

test('rates are what was added, in the time of the host', () => {
  const between = ratesBetween(sample(100, 50, 1000, 7_000), sample(102, 90, 1200, 9_000));
  expect(between).toEqual({ cpu: 0.2, netIn: 1000, netOut: 2000 });
});

test('they add up: two halves make the whole', () => {
  fc.assert(
    fc.property(seconds, seconds, amount, amount, amount, (first, second, one, other, start) => {
      const [a, b] = [sample(start, 0, 0, start), sample(start + first, 0, 1, start + one)];
      const c = sample(start + first + second, 1, 2, start + one + other);
      const [early = 0, late = 0, all = 0] = [ratesBetween(a, b), ratesBetween(b, c), ratesBetween(a, c)].map(
        ({ netIn }) => netIn,
      );
      const bytes = early * first + late * second;
      expect(Math.abs(bytes - all * (first + second))).toBeLessThanOrEqual(1e-9 * Math.max(1, bytes));
    }),
  );
});

test('no counters whatever give a share outside of 0-1, or a negative rate', () => {
  const any = fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), amount, amount, amount);
  fc.assert(
    fc.property(any, any, (a, b) => {
      const { cpu = 0, netIn = 0, netOut = 0 } = ratesBetween(sample(...a), sample(...b));
      expect(cpu).toBeGreaterThanOrEqual(0);
      expect(cpu).toBeLessThanOrEqual(1);
      expect(Math.min(netIn, netOut)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('a counter that went back gives no value, and the others theirs', () => {
  expect(ratesBetween(sample(10, 50, 1000, 500), sample(11, 60, 1100, 400))).toEqual({ cpu: 0.1 });
  expect(ratesBetween(sample(10, 50, 1000, 500), sample(11, 40, 1100, 600))).toEqual({ netIn: 100, netOut: 200 });
});

test('a host that began anew, or did not go on, gives none', () => {
  expect(ratesBetween(sample(1000, 50, 1000, 5), sample(3, 60, 1100, 6))).toEqual({});
  expect(ratesBetween(sample(10, 50, 1000, 5), sample(10, 60, 1100, 6))).toEqual({});
});

test('what a host does not tell has no rate', () => {
  const { cpu: _, network: __, ...bare } = sample(10, 0, 0);
  expect(ratesBetween(bare, sample(11, 1, 2, 3))).toEqual({});
});
