import { expect, test } from 'vitest';
import { readFlags } from './behavior-flags.ts';

const LIST = {
  behaviors: ['error'],
  schemas: {
    error: { properties: { message: { type: 'string' }, code: { anyOf: [{ type: 'integer' }, { type: 'string' }] } } },
  },
};

test.each([
  [['--code', '503'], { code: 503 }],
  [['--code=08006'], { code: '08006' }],
  [['--message', '503'], { message: '503' }],
  [['--message='], { message: '' }],
  [['--inject'], { inject: true }],
  [['--inject', '--code', '1'], { inject: true, code: 1 }],
  [['--no-before'], { before: false }],
  [['--sleep', '300ms'], { sleep: '300ms' }],
  [['--match.operation', 'GET /*', '--match.every', '2'], { match: { operation: 'GET /*', every: 2 } }],
  [['--match-every', '2', '--match-client=::1'], { match: { every: 2, client: '::1' } }],
  [['--match-header', 'x-user: ann'], { match: { header: 'x-user: ann' } }],
  [['--match-header', 'x-user: ann', '--match.header', 'b: c'], { match: { header: ['x-user: ann', 'b: c'] } }],
  [['--match.header.X-User', '7'], { match: { header: { 'X-User': '7' } } }],
  [['--long-name', 'x'], { long_name: 'x' }],
])('%j', (args, expected) => {
  expect(readFlags(args, LIST, '5:error')).toEqual(expected);
});

test('what is no flag is refused', () => {
  expect(() => readFlags(['503'], LIST, 'error')).toThrow("expected an option such as --code 503, got '503'");
});
