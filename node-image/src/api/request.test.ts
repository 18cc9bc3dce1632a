import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { serve } from '../http/servers.test.fixture.ts';
import { jsonRequest, request } from './request.ts';

test('a request outside of the load gives status, headers and content, as text or as JSON', async () => {
  await using server = await serve(async (asked, response) => {
    response.statusCode = asked.url === '/gone' ? 404 : 200;
    response.setHeader('X-User', asked.headers['x-user'] ?? '');
    response.end(asked.url === '/gone' ? '' : JSON.stringify([asked.method, await text(asked)]));
  });
  const answer = await request(`${server.url}/items`, { session: { headers: { 'x-user': 'ann' } } });
  expect(answer).toMatchObject({ status: 200, content: '["GET",""]', headers: { 'x-user': 'ann' } });
  const posted = await jsonRequest<readonly string[]>(`${server.url}/items`, { method: 'POST', body: 'tea' });
  expect(posted.content).toEqual(['POST', 'tea']);
  expect(await jsonRequest(`${server.url}/gone`)).toMatchObject({ status: 404, content: undefined });
  await expect(request('/items')).rejects.toThrow();
});
