import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeadlineWheel, Expiring } from './deadlines.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

class Item extends Expiring {
  readonly #onExpire: () => void;

  constructor(onExpire: () => void) {
    super();
    this.#onExpire = onExpire;
  }

  expire(): void {
    this.#onExpire();
  }
}

function recorder(at: number[]): Expiring {
  return new Item(() => at.push(performance.now()));
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
  wheel.add(item, 50);
  wheel.cancel(item);
  wheel.cancel(item);
  vi.advanceTimersByTime(10);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(100);
  expect(at).toEqual([]);
});

test('an item may set a deadline when it expires', () => {
  const wheel = new DeadlineWheel();
  const at: number[] = [];
  wheel.add(new Item(() => wheel.add(recorder(at), 0)), 0);
  vi.advanceTimersByTime(40);
  expect(at).toHaveLength(1);
});

test('whatever is cancelled, in whatever order, exactly the others expire', () => {
  const timeouts = fc.array(fc.constantFrom(5, 6, 30), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(timeouts, fc.array(fc.nat(7), { maxLength: 8 }), (timeouts, cancels) => {
      const wheel = new DeadlineWheel();
      const expired: number[] = [];
      const items = timeouts.map((timeout, i) => {
        const item = new Item(() => expired.push(i));
        wheel.add(item, timeout);
        return item;
      });
      for (const cancel of cancels) {
        const item = items[cancel];
        if (item !== undefined) wheel.cancel(item);
      }
      vi.advanceTimersByTime(100);
      const left = items.map((_, i) => i).filter((i) => !cancels.includes(i));
      expect(expired.toSorted((a, b) => a - b)).toEqual(left);
      expect(vi.getTimerCount()).toBe(0);
    }),
  );
});
