import { expect, test } from 'vitest';
import { allFailures } from './all-failures.ts';

test('one failure stays what it is', () => {
  const only = new TypeError('no stock');
  expect(allFailures([only])).toBe(only);
});

test('several are one error with the messages of all, whatever was thrown', () => {
  const all = allFailures([new Error('no stock\n- 1\n+ 2'), 'no money', new RangeError('too late')]);
  expect(all).toBeInstanceOf(AggregateError);
  expect(all).toMatchObject({
    message: '3 failures: no stock; no money; too late',
    errors: [{ message: 'no stock\n- 1\n+ 2' }, 'no money', { message: 'too late' }],
  });
});
