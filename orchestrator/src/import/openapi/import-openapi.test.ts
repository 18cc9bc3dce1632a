import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runSource } from '../run-source.test.support.ts';
import { writeScenario } from '../write-scenario.ts';
import { parseOpenApi } from './document.ts';
import { exampleOf } from './example.ts';
import { importOpenApi } from './import-openapi.ts';

const API = `openapi: 3.1.0
info: { title: Shop, version: '1' }
servers: [{ url: 'https://{region}.shop.test/v1/', variables: { region: { default: eu } } }]
security: [{ bearerAuth: [] }]
paths:
  /items/{itemId}:
    parameters: [{ $ref: '#/components/parameters/itemId' }]
    delete: { tags: [items], responses: { '204': {} } }
    get:
      tags: [items]
      parameters:
        - { name: fields, in: query, required: true, schema: { type: array, items: { enum: [name, price] } } }
        - { name: lang, in: query, schema: { type: string } }
        - { name: X-Trace, in: header, required: true, schema: { type: string, minLength: 6 } }
      responses: { '404': {}, '200': {} }
  /orders:
    post:
      tags: [orders]
      security: [{ key: [] }]
      requestBody: { $ref: '#/components/requestBodies/order' }
      responses: { 2XX: {} }
  /health:
    get: { security: [], responses: { default: {} } }
components:
  parameters:
    itemId: { name: itemId, in: path, required: true, schema: { type: string }, examples: { one: { value: a/b } } }
  requestBodies:
    order: { content: { text/plain: {}, application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
  schemas:
    Order:
      type: object
      required: [item]
      properties:
        id: { type: string, readOnly: true }
        item: { allOf: [{ $ref: '#/components/schemas/Named' }, { properties: { count: { type: [integer, 'null'], minimum: 3 } } }] }
        when: { type: string, format: date-time }
        parent: { $ref: '#/components/schemas/Order' }
    Named: { type: object, properties: { name: { type: string, example: rope } } }
  securitySchemes:
    bearerAuth: { type: http, scheme: bearer }
    key: { type: apiKey, in: query, name: api key }
`;

function imported(text: string): ReturnType<typeof importOpenApi> {
  return importOpenApi(parseOpenApi(text, 'api.yml'), { name: 'shop', file: 'api.yml' });
}

test('every operation is asked once, with its examples, under its tag', async () => {
  const scenario = imported(API);
  expect(scenario).toMatchObject({ target: 'https://eu.shop.test/v1', secrets: ['BEARER_AUTH', 'KEY'] });
  const ran = await runSource(writeScenario(scenario), { BEARER_AUTH: 'b', KEY: 'k k' });
  expect(ran.steps).toEqual(['items', 'orders', 'other requests']);
  const headers = { authorization: 'Bearer b' };
  expect(ran.requests).toMatchObject([
    {
      method: 'GET',
      url: '/items/a%2Fb?fields=name',
      options: { name: 'GET /items/{itemId}', headers: { ...headers, 'x-trace': 'textxx' } },
    },
    { method: 'DELETE', url: '/items/a%2Fb', options: { headers } },
    {
      method: 'POST',
      url: '/orders?api%20key=k%20k',
      options: { json: { item: { name: 'rope', count: 3 }, when: '2026-01-15T12:00:00Z' } },
    },
    { method: 'GET', url: '/health', options: { name: 'GET /health' } },
  ]);
  expect(ran.requests[2]?.options.json).not.toHaveProperty('id');
  expect(ran.checks.map((name) => name.split(': ')[1])).toEqual([
    ...['status is 200', 'status is 204', 'status is 2XX', 'status is 200 to 399'],
  ]);
});

test('a form, and a text', async () => {
  const body = (type: string, schema: unknown): unknown => ({
    post: { requestBody: { content: { [type]: schema } }, responses: { 201: {} } },
  });
  const paths = {
    '/form': body('application/x-www-form-urlencoded', {
      schema: { properties: { user: { default: 'ann' }, n: { type: 'integer' } } },
    }),
    '/text': body('text/csv', { example: 'a,b\n' }),
    '/file': body('multipart/form-data', { schema: { properties: { note: { const: 'hi' } } } }),
  };
  const { requests } = await runSource(
    writeScenario(imported(JSON.stringify({ openapi: '3.0.3', servers: [{ url: '/v2' }], paths }))),
  );
  expect(requests.map(({ url, options: { body: sent } }) => [url, String(sent)])).toEqual([
    ['/v2/form', 'user=ann&n=1'],
    ['/v2/text', 'a,b\n'],
    ['/v2/file', expect.stringContaining('name="note"\r\n\r\nhi\r\n')],
  ]);
});

test('objects in a query, cookies, and files are sent as servers read them', async () => {
  const filter = { type: 'object', properties: { size: { const: 'XL' }, n: { type: 'integer' } } };
  const query = (name: string, more: object): object => ({
    name,
    in: 'query',
    required: true,
    schema: filter,
    ...more,
  });
  const get = {
    security: [{ key: [] }],
    parameters: [
      query('deep', { style: 'deepObject', explode: true }),
      query('form', {}),
      query('flat', { explode: false }),
      { name: 'lang', in: 'cookie', required: true, schema: { default: 'en' } },
    ],
    responses: { 200: {} },
  };
  const form = { schema: { properties: { photo: { type: 'string', format: 'binary' }, title: { const: 'cat' } } } };
  const post = { requestBody: { content: { 'multipart/form-data': form } }, responses: { 200: {} } };
  const components = { securitySchemes: { key: { type: 'apiKey', in: 'cookie', name: 'sid' } } };
  const text = JSON.stringify({ openapi: '3.0.3', components, paths: { '/x': { get, post } } });
  const { requests } = await runSource(writeScenario(imported(text)), { KEY: 'k' });
  expect(requests[0]).toMatchObject({
    url: '/x?deep%5Bsize%5D=XL&deep%5Bn%5D=1&size=XL&n=1&flat=size,XL,n,1',
    options: { headers: { cookie: 'lang=en; sid=k' } },
  });
  const sent = String(requests[1]?.options.body);
  expect(sent).toContain('name="photo"; filename="example"\r\nContent-Type: application/octet-stream\r\n');
  expect(sent).toContain('name="title"\r\n\r\ncat');
});

test('whatever a description holds, it is data', async () => {
  const any = fc.string({ unit: 'binary', maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(any, any, any, fc.json({ maxDepth: 3 }), async (tag, path, title, example) => {
      const operation = {
        tags: [tag],
        responses: { 200: {} },
        requestBody: { content: { 'application/json': { example: { it: JSON.parse(example) } } } },
      };
      const text = JSON.stringify({ openapi: '3.1.0', info: { title }, paths: { [`/${path}`]: { post: operation } } });
      const { requests } = await runSource(writeScenario(imported(text)));
      expect(JSON.parse(JSON.stringify(requests[0]?.options.json))).toEqual(
        JSON.parse(JSON.stringify({ it: JSON.parse(example) })),
      );
      expect(requests[0]?.url).toMatch(/^\/[\x21-\x7e]*$/);
    }),
    { numRuns: 40 },
  );
});

test('an example fits its schema in all that it says of a number or a text', () => {
  const document = parseOpenApi('{"openapi":"3.1.0"}', 'x');
  expect(exampleOf(document, { type: 'integer', exclusiveMinimum: 5 })).toBe(6);
  expect(exampleOf(document, { type: 'number', minimum: 7, multipleOf: 5 })).toBe(10);
  expect(exampleOf(document, { type: 'number', maximum: -2 })).toBe(-2);
  expect(exampleOf(document, { type: 'string', maxLength: 2 })).toBe('te');
  expect(exampleOf(document, { type: 'array', minItems: 2, items: { type: 'boolean' } })).toEqual([true, true]);
  expect(exampleOf(document, { oneOf: [{ type: 'null' }, {}] })).toBeNull();
});

test('a schema that describes itself without end has an end', () => {
  const wide = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, { $ref: '#/components/schemas/S' }]));
  const text = JSON.stringify({
    openapi: '3.0.0',
    components: { schemas: { S: { type: 'object', required: Object.keys(wide), properties: wide } } },
  });
  const begunMs = performance.now();
  const example = exampleOf(parseOpenApi(text, 'x'), { $ref: '#/components/schemas/S' });
  expect(JSON.stringify(example).length).toBeLessThan(1_000_000);
  expect(performance.now() - begunMs).toBeLessThan(2000);
});

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefg'[i]}`).join(', ')}]`),
].join('\n');

test.each([
  ['nothing', '', 'api.yml is no OpenAPI description: it has no `openapi`'],
  ['a list', '[]', 'api.yml is no OpenAPI description: it has no `openapi`'],
  ['Swagger', 'swagger: "2.0"', 'api.yml is of version 2.0, and 3.0 or 3.1 is read'],
  ['broken YAML', 'openapi: 3.0.0\npaths: [', /^api\.yml:2:\d+ /],
  ['a bomb of aliases', `openapi: 3.0.0\n${bomb}`, /^api\.yml cannot be read: Excessive alias count/],
  ['nesting without end', `openapi: 3.0.0\nx: ${'['.repeat(20_000)}`, /^api\.yml/],
  ['a reference to nothing', 'openapi: 3.0.0\npaths: { /a: { $ref: "#/x" } }', "api.yml: '#/x' leads nowhere"],
  [
    'a reference to a prototype',
    'openapi: 3.0.0\npaths: { /a: { $ref: "#/constructor" } }',
    "api.yml: '#/constructor' leads nowhere",
  ],
  [
    'a circle',
    'openapi: 3.0.0\nx: { $ref: "#/x" }\npaths: { /a: { $ref: "#/x" } }',
    'api.yml: its references go round in a circle: #/x',
  ],
  [
    'another file',
    'openapi: 3.0.0\npaths: { /a: { $ref: "other.yml#/x" } }',
    /^api\.yml: 'other\.yml#\/x' is in another file/,
  ],
])('%s is refused with one message', (_, text, message) => {
  const refused = {
    code: 'ERR_IMPORT',
    exitCode: 104,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  };
  expect(() => imported(text)).toThrow(expect.objectContaining(refused));
});
