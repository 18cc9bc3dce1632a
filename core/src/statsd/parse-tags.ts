import type { Tags } from '../metrics/series.ts';
import { MAX_TAGS } from './sample.ts';

export const NO_TAGS: Tags = Object.freeze({});

/**
 * Adds the tags of a comma-separated list to `tags`: `separator` parts a key from its value, a key alone has the value
 * 'true', nothing between two commas is nothing, the last of equal keys wins.
 * Returns how many there were, or -1 when one has no key, or is `__proto__` (which a plain object cannot hold).
 */
export function parseTags(list: string, separator: ':' | '=', tags: Record<string, string>): number {
  let found = 0;
  for (let start = 0; start <= list.length; ) {
    const comma = list.indexOf(',', start);
    const end = comma === -1 ? list.length : comma;
    if (end > start) {
      const tag = list.slice(start, end);
      const split = tag.indexOf(separator);
      const key = split === -1 ? tag : tag.slice(0, split);
      if (key === '' || key === '__proto__') return -1;
      if (found === MAX_TAGS) return MAX_TAGS + 1;
      tags[key] = split === -1 ? 'true' : tag.slice(split + 1);
      found += 1;
    }
    start = end + 1;
  }
  return found;
}
