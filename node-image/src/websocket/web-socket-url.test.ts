import { expect, test } from 'vitest';
import { webSocketUrl } from './web-socket-url.ts';

test.each([
  ['ws://chat.test/a?b=1#c', undefined, 'ws://chat.test/a?b=1'],
  ['https://chat.test', undefined, 'wss://chat.test/'],
  ['/rooms', 'http://shop.test:8080/api/', 'ws://shop.test:8080/api/rooms'],
  ['rooms', 'https://shop.test', 'wss://shop.test/rooms'],
  ['?a=1', 'http://shop.test/api', 'ws://shop.test/api?a=1'],
])('%s with the target %s leads to %s', (url, target, expected) => {
  expect(webSocketUrl(url, target).href).toBe(expected);
});

test.each([
  ['/rooms', undefined, "ws.connect('/rooms') needs a target"],
  ['ftp://chat.test', undefined, "expected a ws or wss URL, got 'ftp://chat.test'"],
  ['ws://ann:secret@chat.test', undefined, 'a URL with user and password is not sent'],
])('%s with the target %s is refused', (url, target, message) => {
  expect(() => webSocketUrl(url, target)).toThrow(message);
});
