import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestName } from './request-name.ts';

test.each([
  ['/', 'GET /'],
  ['/items?page=2', 'GET /items'],
  ['/users/42/orders/7', 'GET /users/:id/orders/:id'],
  ['/v2/items', 'GET /v2/items'],
  ['/o/123e4567-e89b-12d3-a456-426614174000', 'GET /o/:id'],
  ['/o/deadBEEF1', 'GET /o/:id'],
  // Hex digits, but also a word.
  ['/o/deadbeef', 'GET /o/deadbeef'],
  ['/o/cafe1', 'GET /o/cafe1'],
  [`/t/${'x'.repeat(41)}`, 'GET /t/:id'],
  [`/t/${'x'.repeat(40)}`, `GET /t/${'x'.repeat(40)}`],
])('%s is named %s', (path, name) => {
  expect(requestName('GET', path)).toBe(name);
});

test('a name stays what it is, cached or not, however many paths there are', () => {
  fc.assert(
    fc.property(fc.webPath(), fc.constantFrom('GET', 'POST'), (path, method) => {
      const name = requestName(method, path);
      expect(requestName(method, path)).toBe(name);
      expect(requestName(method, name.slice(method.length + 1))).toBe(name);
    }),
  );
  for (let i = 0; i < 5_000; i += 1) expect(requestName('GET', `/n${i}/${i}`)).toBe(`GET /n${i}/:id`);
});
