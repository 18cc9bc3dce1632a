import { expect, test } from 'vitest';
import { cpuSeconds, threadSeconds } from './cpu-time.ts';

test('it is what the process itself says, up to the coarser step', () => {
  const before = process.cpuUsage();
  const seconds = cpuSeconds(process.pid);
  const after = process.cpuUsage();
  expect(seconds).toBeGreaterThan((before.user + before.system) / 1e6 - 0.02);
  expect(seconds).toBeLessThan((after.user + after.system) / 1e6 + 0.02);
});

test('a process that does not exist has none', () => {
  expect(() => cpuSeconds(2 ** 30)).toThrow('ENOENT');
});

test('that of its threads is no more, and does not stand still', () => {
  const before = threadSeconds(process.pid);
  const all = cpuSeconds(process.pid);
  const untilMs = performance.now() + 20;
  while (performance.now() < untilMs);
  expect(before).toBeLessThan(all + 0.02);
  expect(threadSeconds(process.pid)).toBeGreaterThan(before);
  expect(() => threadSeconds(2 ** 30)).toThrow('ENOENT');
});
