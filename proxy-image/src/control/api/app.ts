import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { ManagedProxy } from '../managed-proxy.ts';
import type { Vaurien } from '../vaurien.ts';
import { ApiError, apiErrorOf, errorBody } from './api-error.ts';
import { refusalOf } from './guard.ts';
import { type PlacedRoute, place } from './openapi.ts';
import type { Call } from './route.ts';
import { routes } from './routes.ts';

const MOST_BODY_BYTES = 64 * 1024;
/** A schedule has an entry for each repeat, and for each step of a ramp. */
const MOST_SCHEDULE_BYTES = 4 * 1024 * 1024;
const PORT = /^\d{1,5}$/;

export type AppOptions = {
  readonly vaurien: Vaurien;
  readonly version: string;
  /** Demanded from every caller but those of `/health`; undefined: from nobody. */
  readonly token?: string | undefined;
  /** Told of what no answer explains: a bug. */
  onError?(error: unknown): void;
};

/** The control API. */
export function controlApp({ vaurien, version, token, onError }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use((request, _response, next) => {
    const refused = refusalOf(request.headers, request.path === '/health' ? undefined : token);
    if (refused === undefined) return next();
    const { status, header: name, description, headers } = refused;
    throw new ApiError(status, [{ location: 'header', name, description }], headers);
  });
  // Whatever type it is said to be: `curl -d` and the ancestor's clients say nothing useful.
  const upTo = (limit: number): ReturnType<typeof express.raw> => express.raw({ type: () => true, limit });
  const [short, long] = [upTo(MOST_BODY_BYTES), upTo(MOST_SCHEDULE_BYTES)];
  app.use((request, response, next) => (request.path.endsWith('/schedule') ? long : short)(request, response, next));
  const placed = place(routes(version));
  for (const one of placed) {
    app[one.route.method](expressPath(one.path), (request, response) => answer(vaurien, one, request, response));
  }
  for (const path of new Set(placed.map((one) => one.path))) app.all(expressPath(path), refuseMethod(placed, path));
  app.use((request) => {
    throw new ApiError(404, [{ location: 'path', name: '', description: `there is no ${request.path}` }]);
  });
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    const known = apiErrorOf(error);
    if (!known) onError?.(error);
    if (response.headersSent) return next(error);
    const {
      status = 500,
      headers = {},
      items = [{ location: 'server', name: '', description: 'an internal error' }],
    } = known ?? {};
    response.status(status).set(headers).json(errorBody(items));
  });
  return app;
}

async function answer(vaurien: Vaurien, { route }: PlacedRoute, request: Request, response: Response): Promise<void> {
  const params = request.params as Readonly<Record<string, string>>;
  const call: Call = {
    vaurien,
    params,
    query: new URL(request.url, 'http://localhost').searchParams,
    request,
    response,
    body: () => objectOf(request.body),
  };
  const body = await (route.of === 'process' ? route.handle(call) : route.handle(call, proxyOf(vaurien, params)));
  if (body !== undefined) response.status(route.status ?? 200).json(body);
}

/** The proxy that a path means: by its name, by its port, or the first one. */
function proxyOf(vaurien: Vaurien, { proxy: name, port }: Readonly<Record<string, string>>): ManagedProxy {
  if (name !== undefined) return vaurien.named(name) ?? missing(404, 'proxy', `there is no proxy '${name}'`);
  if (port === undefined) return vaurien.first ?? missing(404, '', 'there is no proxy');
  if (!PORT.test(port)) return missing(404, 'port', 'Not Found');
  return vaurien.listeningOn(Number(port)) ?? missing(503, 'port', `${port} not responding`);
}

function missing(status: number, name: string, description: string): never {
  throw new ApiError(status, [{ location: 'path', name, description }]);
}

function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  const text = Buffer.isBuffer(body) ? body.toString('utf8') : '';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ApiError(400, [{ location: 'body', name: '', description: `expected JSON: ${why}` }]);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new ApiError(400, [{ location: 'body', name: '', description: 'expected a JSON object' }]);
}

function refuseMethod(
  placed: readonly PlacedRoute[],
  path: string,
): (request: Request, response: Response, next: NextFunction) => void {
  const methods = placed.filter((one) => one.path === path).map(({ route }) => route.method.toUpperCase());
  return ({ method, params }, _response, next) => {
    // Any word looks like a port.
    if ('port' in params && !PORT.test(String(params.port))) return next();
    const description = `${method} is not possible here; ${methods.join(', ')} are`;
    throw new ApiError(405, [{ location: 'method', name: '', description }], { Allow: methods.join(', ') });
  };
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
