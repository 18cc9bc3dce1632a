import { expect, test } from 'vitest';
import { clientOf, serve } from '../http/servers.test.fixture.ts';
import { heardClient } from './heard-client.ts';

test('requests of a session within it are told, too, and all else is the client itself', async () => {
  await using server = await serve((_, response) => response.setHeader('set-cookie', 'a=1').end('hello'));
  const { http } = clientOf(server.url);
  const told: string[] = [];
  await using heard = heardClient(http, async (name, { request }) => {
    told.push(`${name} ${request.method} ${request.url}`);
  });
  await heard.session({ headers: { a: 'b' } }).get('/inner');
  await heard.get('/');
  expect(await heard.cookies.all()).toEqual({ a: '1' });
  expect(told).toEqual([
    'sending_request GET /inner',
    'response_received GET /inner',
    'sending_request GET /',
    'response_received GET /',
  ]);
});
