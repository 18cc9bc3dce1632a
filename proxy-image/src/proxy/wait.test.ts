import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { wait } from './wait.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('ends once: by time or by the signal, whichever comes first', () => {
  const end = new AbortController();
  const done = vi.fn();
  wait(10, end.signal, done);
  wait(1000, end.signal, done);
  wait(undefined, end.signal, done);
  vi.advanceTimersByTime(10);
  expect(done).toHaveBeenCalledTimes(1);
  end.abort();
  expect(done).toHaveBeenCalledTimes(3);
  vi.runAllTimers();
  expect(done).toHaveBeenCalledTimes(3);
});

test('does nothing when it was called off', () => {
  const end = new AbortController();
  const done = vi.fn();
  wait(10, end.signal, done)();
  end.abort();
  vi.runAllTimers();
  expect(done).not.toHaveBeenCalled();
});

test('a wait longer than timers can be is long', () => {
  const done = vi.fn();
  wait(2 ** 31, undefined, done);
  vi.advanceTimersByTime(2 ** 30);
  expect(done).not.toHaveBeenCalled();
});

test('a wait until something that has happened ends soon, though not at once', () => {
  const done = vi.fn();
  wait(undefined, AbortSignal.abort(), done);
  wait(1000, AbortSignal.abort(), done);
  wait(1000, AbortSignal.abort(), done)();
  expect(done).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(done).toHaveBeenCalledTimes(2);
});
