import { expect, test } from 'vitest';
import { timingFormatter } from './format-timings.ts';

test('formats any number of lines of one series', () => {
  const format = timingFormatter({ name: 'http req|duration', type: 'ms', tags: { method: 'GET', 'a:b': 'x,y' } });
  expect(format(12.5, 1)).toBe('http req_duration:12.5|ms|#method:GET,a_b:x_y');
  expect(format(1e-7, 4)).toBe('http req_duration:1e-7|ms|@0.25|#method:GET,a_b:x_y');
});

test.each([
  [-1, 1],
  [Number.NaN, 1],
  [Number.POSITIVE_INFINITY, 1],
  [1, 0.5],
  [1, Number.NaN],
  [1, 2 ** 53],
])('refuses the value %d with the weight %d', (value, weight) => {
  expect(() => timingFormatter({ name: 'time', type: 'd' })(value, weight)).toThrow(RangeError);
});
