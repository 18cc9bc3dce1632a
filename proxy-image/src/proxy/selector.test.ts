import { expect, test } from 'vitest';
import { type Selector, selects } from './selector.ts';

const GET = {
  client: '::ffff:127.0.0.1',
  operation: () => 'GET /items/7',
  header: (name: string) => (name === 'x-user' ? 'ann' : undefined),
};

test.each<[Selector, boolean]>([
  [{}, true],
  [{ operation: 'GET /items/*' }, true],
  [{ operation: 'get *' }, true],
  [{ operation: '*' }, true],
  [{ operation: 'GET /items' }, false],
  [{ operation: 'POST *' }, false],
  [{ operation: 'GET /items/.' }, false],
  [{ client: '127.0.0.1' }, true],
  [{ client: '127.0.0.0/8' }, true],
  [{ client: '10.0.0.0/8' }, false],
  [{ client: '::1' }, false],
  [{ header: { 'x-user': 'an' } }, true],
  [{ header: { 'x-user': 'bob' } }, false],
  [{ header: { 'x-other': '' } }, false],
  [{ operation: 'GET *', client: '10.0.0.1' }, false],
])('%j selects GET /items/7 from 127.0.0.1: %s', (selector, expected) => {
  expect(selects(selector)(GET)).toBe(expected);
});

test('every third of those that the rest selects', () => {
  const select = selects({ operation: 'GET *', every: 3 });
  const other = { ...GET, operation: () => 'POST /items' };
  expect([GET, other, GET, GET, other, GET, GET, GET].map((subject) => select(subject))).toEqual([
    false,
    false,
    false,
    true,
    false,
    false,
    false,
    true,
  ]);
});
