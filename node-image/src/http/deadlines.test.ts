import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeadlineWheel, type Expiring } from './deadlines.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function recorder(at: number[]): Expiring {
  return { expire: () => at.push(performance.now()) };
}

test('a deadline is never early, and at most two buckets late', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ wait: fc.nat(40), timeout: fc.nat(300) }), { maxLength: 20 }), (deadlines) => {
      const wheel = new DeadlineWheel();
      const checks = deadlines.map(({ wait, timeout }) => {
        vi.advanceTimersByTime(wait);
        const at: number[] = [];
        const due = performance.now() + timeout;
        wheel.add(recorder(at), timeout);
        return { due, at };
      });
      vi.advanceTimersByTime(400);
      for (const { due, at } of checks) {
        expect(at).toHaveLength(1);
        expect(at[0]).toBeGreaterThanOrEqual(due);
        expect(at[0]).toBeLessThanOrEqual(due + 20);
      }
      expect(vi.getTimerCount()).toBe(0);
    }),
  );
});

test('a cancelled deadline does not expire, and an idle wheel does not tick', () => {
  const wheel = new DeadlineWheel();
  const at: number[] = [];
  const item = recorder(at);
  wheel.cancel(item, wheel.add(item, 50));
  vi.advanceTimersByTime(10);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(100);
  expect(at).toEqual([]);
});

test('an item may set a deadline when it expires', () => {
  const wheel = new DeadlineWheel();
  const at: number[] = [];
  wheel.add({ expire: () => wheel.add(recorder(at), 0) }, 0);
  vi.advanceTimersByTime(40);
  expect(at).toHaveLength(1);
});
