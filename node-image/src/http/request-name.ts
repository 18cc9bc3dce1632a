const CACHED_PATHS = 2_000;
const cache = new Map<string, Map<string, string>>();

/**
 * Names a request after its method and path, for metrics: `GET /users/:id`. The query is dropped, and segments that look like
 * an id become `:id`: digits, a UUID, 8 or more hex digits with a decimal one among them, anything longer than 40 characters.
 */
export function requestName(method: string, path: string): string {
  const query = path.indexOf('?');
  const bare = query === -1 ? path : path.slice(0, query);
  const names = namesOf(method);
  const known = names.get(bare);
  if (known !== undefined) return known;
  const name = `${method} ${bare.split('/').map(nameSegment).join('/')}`;
  // Starting over is cheaper than an order of use, and frequent paths are back at once.
  if (names.size >= CACHED_PATHS) names.clear();
  names.set(bare, name);
  return name;
}

function namesOf(method: string): Map<string, string> {
  let names = cache.get(method);
  if (names === undefined) {
    names = new Map();
    cache.set(method, names);
  }
  return names;
}

function nameSegment(segment: string): string {
  return isIdLike(segment) ? ':id' : segment;
}

function isIdLike(segment: string): boolean {
  return segment.length > 40 || /^\d+$/.test(segment) || UUID.test(segment) || /^(?=.*\d)[\da-f]{8,}$/i.test(segment);
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
