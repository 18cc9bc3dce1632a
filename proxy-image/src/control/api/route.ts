import type { Request, Response } from 'express';
import type * as z from 'zod';
import type { ManagedProxy } from '../managed-proxy.ts';
import type { Vaurien } from '../vaurien.ts';

/** A request as a route sees it. */
export type Call = {
  readonly vaurien: Vaurien;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly request: Request;
  readonly response: Response;
  /** The body, which has to be a JSON object. Throws ApiError 400. */
  body(): Readonly<Record<string, unknown>>;
};

type Described = {
  readonly method: 'get' | 'put' | 'post' | 'patch' | 'delete';
  /** As in OpenAPI: `/proxies/{proxy}`. */
  readonly path: string;
  readonly summary: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly body?: z.ZodType | undefined;
  /** The JSON that it answers with. */
  readonly reply: z.ZodType;
  /** The status of a success; default 200. */
  readonly status?: number | undefined;
  /** The statuses of its errors, beside those that every route has. */
  readonly errors?: readonly number[] | undefined;
};

/** A route of the process. What `handle` gives is the body; undefined when it has answered by itself. */
export type GlobalRoute = Described & { readonly of: 'process'; handle(call: Call): unknown };

/** A route of one proxy: of the first one, of `/proxies/NAME`, and of the one that listens on `/PORT`. */
export type ProxyRoute = Described & { readonly of: 'proxy'; handle(call: Call, proxy: ManagedProxy): unknown };

export type Route = GlobalRoute | ProxyRoute;
