import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Acknowledger } from './acknowledger.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what arrives within a few ms is acknowledged at once, as the last count', () => {
  const sent: number[] = [];
  const acks = new Acknowledger((lines) => sent.push(lines));
  acks.arrived(16);
  acks.arrived(32);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(4);
  acks.arrived(48);
  vi.advanceTimersByTime(1);
  expect(sent).toEqual([48]);
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([48]);
  acks.arrived(64);
  vi.advanceTimersByTime(5);
  expect(sent).toEqual([48, 64]);
});

test('nothing is sent after the end', async () => {
  const sent: number[] = [];
  const acks = new Acknowledger((lines) => sent.push(lines));
  acks.arrived(16);
  await acks[Symbol.asyncDispose]();
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([]);
});
