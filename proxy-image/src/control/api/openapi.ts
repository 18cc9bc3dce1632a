import * as z from 'zod';
import { errorReply } from './replies.ts';
import type { Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  200: 'done',
  201: 'created',
  400: 'the request is wrong; every problem is listed',
  401: 'the token is missing or wrong',
  403: 'the request comes from a browser page',
  404: 'there is no such proxy',
  409: 'it conflicts with what there is',
  413: 'the body is too large',
  503: 'no proxy listens on that port',
};

/** A route with its full path. */
export type PlacedRoute = { readonly path: string; readonly route: Route };

/** Gives routes their paths: those of a proxy stand at three places. Paths that any word matches come last. */
export function place(routes: readonly Route[]): readonly PlacedRoute[] {
  const placed = routes.flatMap((route): PlacedRoute[] => {
    if (route.of === 'process') return [{ path: route.path, route }];
    const prefixes = route.path === '' ? ['/proxies/{proxy}', '/{port}'] : ['', '/proxies/{proxy}', '/{port}'];
    return prefixes.map((prefix) => ({ path: `${prefix}${route.path}`, route }));
  });
  const byPort = ({ path }: PlacedRoute): boolean => path.startsWith('/{port}');
  return [...placed.filter((one) => !byPort(one)), ...placed.filter(byPort)];
}

/** The description of the API (OpenAPI 3.1). */
export function openapi(placed: readonly PlacedRoute[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const { path, route } of placed) {
    paths[path] = { ...paths[path], [route.method]: operation(path, route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Vaurien', version, description: 'Control of chaos proxies' },
    paths,
    components: {
      schemas: { Error: jsonSchema(errorReply) },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    security: [{}, { token: [] }],
  };
}

function operation(path: string, { summary, query = {}, body, reply, status = 200, errors = [], of }: Route): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const missing = of === 'process' ? [] : inPath.includes('port') ? [404, 503] : [404];
  const statuses = [...new Set([...errors, 401, 403, ...missing])].sort((a, b) => a - b);
  return {
    summary,
    parameters: [
      ...inPath.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.entries(query).map(([name, description]) => ({
        ...{ name, in: 'query', description, schema: { type: 'string' } },
      })),
    ],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(body) } } } }),
    responses: {
      [status]: { description: STATUS_TEXTS[status], content: { 'application/json': { schema: jsonSchema(reply) } } },
      ...Object.fromEntries(statuses.map((code) => [code, errorResponse(code)])),
    },
  };
}

function errorResponse(status: number): Json {
  const schema = { $ref: '#/components/schemas/Error' };
  return { description: STATUS_TEXTS[status], content: { 'application/json': { schema } } };
}

function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json;
}
