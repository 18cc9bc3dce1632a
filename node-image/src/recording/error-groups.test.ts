import { expect, test } from 'vitest';
import { RequestError } from '../http/request-error.ts';
import { ErrorGroups } from './error-groups.ts';
import { requestSample } from './samples.test.fixture.ts';

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

test('what an error was thrown for is told with it, and a circle of causes ends', () => {
  const groups = new ErrorGroups();
  groups.add('buy', 'assertion', new Error('no order', { cause: new Error('no stock', { cause: 'sold out' }) }));
  groups.add('read', 'assertion', new AggregateError([new Error('first'), new Error('second')], 'several'));
  const round = new Error('round');
  round.cause = round;
  groups.add('walk', 'assertion', round);
  const causes = groups.all.map(({ stack = '' }) => stack.split('\n').filter((line) => /^caused by: /.test(line)));
  expect(causes).toEqual([
    ['caused by: no stock', "caused by: 'sold out'"],
    ['caused by: first', 'caused by: second'],
    Array.from({ length: 3 }, () => 'caused by: round'),
  ]);
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

test('a failed request is one group under its name, whatever its URL, and is not counted again when it is thrown on', () => {
  const groups = new ErrorGroups();
  const origin = 'http://shop';
  for (let i = 0; i < 3; i++) {
    const error = new RequestError('GET', `${origin}/${i}`, 'refused', new Error('x'));
    const request = { method: 'GET', path: `/${i}`, headers: {}, body: null };
    const sample = requestSample({ name: 'item', origin, failed: true, failure: 'refused', error, request });
    groups.request('buy', sample, []);
    groups.add('buy', 'refused', error, sample);
  }
  groups.request('buy', requestSample({ name: 'item', failed: true, failure: 'status', status: 503 }), [
    Buffer.from('busy'),
  ]);
  groups.request('buy', requestSample({ failed: true, failure: 'aborted' }), []);
  groups.request('buy', requestSample(), []);
  expect(groups.all).toMatchObject([
    { failure: 'refused', message: 'item failed: connection refused', count: 3, example: { url: 'http://shop/0' } },
    { failure: 'status', message: 'item answered 503', count: 1, example: { response: { body: 'busy' } } },
  ]);
});

test('an error has the last request before it, without secrets', () => {
  const groups = new ErrorGroups();
  const request = { method: 'GET', path: '/?token=abc', headers: { cookie: 'abc' }, body: null };
  groups.add('buy', 'assertion', new Error('expected http://u:abc@shop to answer'), requestSample({ request }));
  expect(JSON.stringify(groups.all)).not.toContain('abc');
  expect(groups.all).toMatchObject([{ example: { headers: { cookie: '[redacted]' }, response: { status: 200 } } }]);
});
