import { expect, test } from 'vitest';
import { ErrorGroups } from './error-groups.ts';

test('errors of one message are one group, with the first stack, the most frequent first', () => {
  const groups = new ErrorGroups();
  const first = new Error('no stock');
  groups.add('buy', 'assertion', new Error('rare'));
  groups.add('buy', 'assertion', first);
  groups.add('buy', 'assertion', new Error('no stock'));
  groups.add('read', 'assertion', new Error('no stock'));
  groups.add('read', 'timeout', new Error('no stock'));
  expect(
    groups.all.map(({ scenario, failure, message, count }) => `${scenario} ${failure} ${message} ${count}`),
  ).toEqual([
    'buy assertion no stock 2',
    'buy assertion rare 1',
    'read assertion no stock 1',
    'read timeout no stock 1',
  ]);
  expect(groups.all[0]?.stack).toBe(first.stack);
});

test('messages beyond the limit are one group, and no error is lost', () => {
  const groups = new ErrorGroups();
  for (let i = 0; i < 1000; i++) groups.add('buy', 'assertion', new Error(`order ${i}`));
  groups.add('buy', 'assertion', new Error('order 7'));
  const { all } = groups;
  expect(all).toHaveLength(101);
  expect(all[0]).toEqual({
    scenario: 'buy',
    failure: 'assertion',
    message: '(other errors)',
    count: 900,
    stack: undefined,
  });
  expect(all[1]).toMatchObject({ message: 'order 7', count: 2 });
  expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(1001);
});

class Odd extends Error {
  override readonly message = { code: 5 } as unknown as string;
}

test.each([
  ['a text', 'a text'],
  [undefined, 'undefined'],
  [{ code: 5 }, '{ code: 5 }'],
  [Object.create(null), '[Object: null prototype] {}'],
  [Symbol('x'), 'Symbol(x)'],
  [new RangeError(), 'RangeError'],
  [new Odd(), '[object Object]'],
])('a scenario may throw %o', (thrown, message) => {
  const groups = new ErrorGroups();
  groups.add('buy', 'assertion', thrown);
  expect(groups.all).toMatchObject([{ message, count: 1 }]);
});

test('a long message is cut', () => {
  const groups = new ErrorGroups();
  groups.add('buy', 'assertion', new Error('x'.repeat(10_000)));
  expect(groups.all[0]?.message).toBe('x'.repeat(500));
});
