import { expect, test } from 'vitest';
import { requestLines } from './request-lines.ts';

const request = {
  name: 'buy',
  method: 'POST',
  url: 'http://shop/orders',
  headers: { accept: '*/*' },
  durationMs: 12.34,
};

test('what was sent and what came back, line by line', () => {
  const response = { status: 201, headers: { server: 'x' }, body: 'a\r\nb\n' };
  expect(requestLines({ ...request, body: '{}', response })).toEqual([
    '> POST http://shop/orders',
    '> accept: */*',
    '>',
    '> {}',
    '< 201 after 12.3ms',
    '< server: x',
    '<',
    '< a',
    '< b',
    '<',
  ]);
});

test('a request without a response says so', () => {
  expect(requestLines(request).at(-1)).toBe('< no response after 12.3ms');
});

test('what a server sends cannot steer a terminal', () => {
  const response = { status: 200, headers: { x: '\u001b[2J' }, body: '\u001b]0;gone\u0007\r\u009b1m\tb' };
  for (const line of requestLines({ ...request, response })) expect(line).not.toMatch(/\p{Cc}/u);
});
