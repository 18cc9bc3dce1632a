import { expect, test } from 'vitest';
import { programSamples } from './program-samples.ts';

test.each([
  // Ended well, ended with a code, and ended without anybody to say how.
  [0, { iterations: 1, iteration_failed: 0, iteration_duration: 1500, command_exits: 1 }],
  [3, { iterations: 1, iteration_failed: 1, iteration_duration: 1500, command_exits: 1, failures: 1 }],
  [undefined, { iterations: 1, iteration_failed: 0, iteration_duration: 1500 }],
])('a program that ended with %s', (code, values) => {
  const samples = programSamples('/opt/load', 1500, code);
  expect(Object.fromEntries(samples.map(({ name, value }) => [name, value]))).toEqual(values);
  // Each once: a sample that came twice would count a program twice.
  expect(samples).toHaveLength(Object.keys(values).length);
  for (const { tags } of samples) expect(tags.scenario).toBe('load');
});
