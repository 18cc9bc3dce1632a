import { expect, test } from 'vitest';
import { Vaurien } from '../vaurien.ts';
import { TestApi } from './api.test.support.ts';
import { controlApp } from './app.ts';

test.each([
  ['GET', '/nothing', undefined, 404],
  ['GET', '/proxies/nobody/behavior', undefined, 404],
  ['GET', '/behavior/more/still', undefined, 404],
  ['GET', '/7/behavior', undefined, 503],
  ['GET', '/seven/behavior', undefined, 404],
  ['PUT', '/seven', undefined, 404],
  ['POST', '/behavior', '{}', 405],
  ['PUT', '/proxies', '{}', 405],
  ['PUT', '/behavior', `{"name": "${'x'.repeat(70_000)}"}`, 413],
  ['GET', '/proxies/%ZZ', undefined, 400],
  ['GET', '/health', undefined, 200],
])('%s %s with %j gives %d', async (method, path, body, status) => {
  await using api = await TestApi.start();
  const answer = await api.send(method, path, body);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject(status === 200 ? { status: 'ok', proxies: 1 } : { status: 'error', errors: [{}] });
  if (status === 405)
    expect(answer.headers.get('Allow')).toBe(path === '/behavior' ? 'GET, PUT, PATCH, DELETE' : 'GET, POST');
});

test('without a proxy there is none to speak of', async () => {
  await using api = await TestApi.start();
  await api.vaurien.remove('web');
  expect((await api.send('GET', '/behavior')).status).toBe(404);
});

test('every route that the application serves is described', async () => {
  await using vaurien = new Vaurien();
  await using api = await TestApi.start();
  const { body } = await api.send('GET', '/openapi.json');
  const described = Object.entries(body.paths as Record<string, Record<string, unknown>>).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  type Layer = { route?: { path: string; methods: Record<string, boolean> } };
  const { stack } = controlApp({ vaurien, version: '2.0' }).router as unknown as { stack: Layer[] };
  const served = stack.flatMap(({ route }) => {
    const methods = Object.keys(route?.methods ?? {});
    // One that takes all methods is there to refuse them.
    return methods.length > 1 ? [] : methods.map((method) => `${method} ${route?.path.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
  expect(served.length).toBeGreaterThan(30);
  expect(described.sort()).toEqual(served.sort());
  expect(body).toMatchObject({ openapi: '3.1.0', info: { version: '2.0' } });
});

test('the description says what a route takes and gives', async () => {
  await using api = await TestApi.start();
  const { body } = await api.send('GET', '/openapi.json');
  expect(body).toMatchObject({
    paths: {
      '/proxies/{proxy}/behavior': {
        put: {
          parameters: [{ name: 'proxy', in: 'path', required: true }],
          requestBody: { content: { 'application/json': { schema: { required: ['name'] } } } },
          responses: { 200: {}, 400: {}, 401: {}, 403: {}, 404: {} },
        },
      },
    },
  });
});
