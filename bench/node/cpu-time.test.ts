import { expect, test } from 'vitest';
import { cpuSeconds } from './cpu-time.ts';

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
