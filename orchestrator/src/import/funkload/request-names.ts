import type { BenchResponse } from './bench-record.ts';

const MOST_NAMES = 500;
const METHODS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'delete', 'head', 'options', 'propfind', 'patch']);

/** The method of a request, of which FunkLoad tells what it was for: `link`, `image`, `redirect` are GET, `xmlrpc` is POST. */
export function methodOf({ type }: Pick<BenchResponse, 'type'>): string {
  if (METHODS.has(type)) return type.toUpperCase();
  return type.startsWith('xmlrpc') ? 'POST' : 'GET';
}

/** Names requests as FunkLoad's report does: by their description, else by what they asked for. The number of names is bounded. */
export class RequestNames {
  readonly #known = new Set<string>();

  of(response: Pick<BenchResponse, 'type' | 'description' | 'path'>): string {
    const [path = ''] = response.path.split('?');
    return this.capped(response.description || `${methodOf(response)} ${path || '/'}`);
  }

  /** A name as it is, or `(other)` when there are too many already. */
  capped(name: string): string {
    if (this.#known.has(name)) return name;
    if (this.#known.size >= MOST_NAMES) return '(other)';
    this.#known.add(name);
    return name;
  }
}
