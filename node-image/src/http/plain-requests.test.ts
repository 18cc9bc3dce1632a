import { expect, test } from 'vitest';
import { PlainRequests, plainRequestsFrom, type ReadyRequest, sendsNothing } from './plain-requests.ts';

function ready(method: string, path: string): ReadyRequest {
  return { origin: 'http://shop.test', name: `${method} ${path}`, request: { method, path, headers: {}, body: null } };
}

test('a request is known again by its method and URL', () => {
  const requests = new PlainRequests();
  const [get, post] = [ready('GET', '/items'), ready('POST', '/items')];
  requests.set('GET', '/items', get);
  requests.set('POST', '/items', post);
  expect(requests.get('GET', '/items')).toBe(get);
  expect(requests.get('POST', '/items')).toBe(post);
  expect(requests.get('GET', '/items/1')).toBeUndefined();
  expect(requests.get('HEAD', '/items')).toBeUndefined();
});

test('ever new URLs do not fill the memory', () => {
  const requests = new PlainRequests();
  for (let i = 0; i < 10_000; i++) requests.set('GET', `/${i}`, ready('GET', `/${i}`));
  const known = Array.from({ length: 10_000 }, (_, i) => requests.get('GET', `/${i}`)).filter((one) => one);
  expect(known.length).toBeLessThanOrEqual(2_000);
  expect(requests.get('GET', '/9999')).toBeDefined();
});

test('what is sent beside method and URL makes a request no plain one', () => {
  expect(sendsNothing({ name: 'list', timeout: 10, cookies: false, expectStatus: () => true })).toBe(true);
  for (const options of [
    { headers: {} },
    { body: '' },
    { json: 0 },
    { auth: { bearer: 'x' } },
    { compress: 'gzip' },
  ] as const) {
    expect(sendsNothing(options)).toBe(false);
  }
});

test('sessions share theirs when they start at the same URL', () => {
  const [base, other] = [
    { origin: 'http://shop.test', path: '' },
    { origin: 'http://shop.test', path: '/api' },
  ];
  expect(plainRequestsFrom(base)).toBe(plainRequestsFrom(base));
  expect(plainRequestsFrom(base)).not.toBe(plainRequestsFrom(other));
});
