import { expect, test } from 'vitest';
import { Selection, type Selector } from './selector.ts';

const GET = {
  client: '::ffff:127.0.0.1',
  about: { operation: 'GET /items/7', header: (name: string) => (name === 'x-user' ? 'ann' : undefined) },
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
  expect(new Selection(selector).fits(GET)).toBe(expected);
});

test('every third turn', () => {
  const select = new Selection({ every: 3 });
  expect([1, 2, 3, 4, 5, 6].map(() => select.takeTurn())).toEqual([false, false, true, false, false, true]);
});
