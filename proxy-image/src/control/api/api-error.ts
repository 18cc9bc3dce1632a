import { LoadsError, type Problem } from '@loads/core';

/** One thing that is wrong with a request, as the ancestor told it. */
export type ErrorItem = {
  /** Where it is: `body`, `path`, `querystring`, `header`. */
  readonly location: string;
  /** The field, or an empty text. */
  readonly name: string;
  readonly description: string;
};

/** An answer that is an error: its status, and everything that is wrong. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly items: readonly ErrorItem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, items: readonly ErrorItem[], headers: Readonly<Record<string, string>> = {}) {
    super(items.map(({ description }) => description).join('; '));
    this.status = status;
    this.items = items;
    this.headers = headers;
  }

  /** Everything that is wrong with a body. `renamed` gives the field of the body for a path's first key. */
  static ofBody(problems: readonly Problem[], renamed: Readonly<Record<string, string>> = {}): ApiError {
    const items = problems.map(({ path, message }) => {
      const [first = '', ...rest] = path.map(String);
      return { location: 'body', name: [renamed[first] ?? first, ...rest].join('.'), description: message };
    });
    return new ApiError(400, items);
  }
}

export type ErrorBody = { readonly status: 'error'; readonly errors: readonly ErrorItem[] };

export function errorBody(items: readonly ErrorItem[]): ErrorBody {
  return { status: 'error', errors: items };
}

/** The answer to whatever a route threw; undefined when it is a bug. */
export function apiErrorOf(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (error instanceof LoadsError) {
    const status = error.code === 'ERR_PORT_IN_USE' ? 409 : 400;
    return new ApiError(status, [{ location: 'body', name: '', description: error.message }]);
  }
  // What express throws before a route is reached: a body that is too large, a path that cannot be decoded.
  if (error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500) {
    const location = 'type' in error ? 'body' : 'path';
    return new ApiError(error.status, [{ location, name: '', description: error.message }]);
  }
  return undefined;
}
