import type { Tags } from '../metrics/series.ts';
import { NO_TAGS, parseTags } from './parse-tags.ts';

/** The tags of a section, and how many it has, a repeated key counted each time: -1 when one of them is none. */
export type TagSection = { readonly tags: Tags; readonly count: number };

/** Reads a section of a line that holds tags; `separator` parts a key from its value. */
export type ReadTags = (list: string, separator: ':' | '=') => TagSection;

/** The section of a line that has none. */
export const NO_SECTION: TagSection = { tags: NO_TAGS, count: 0 };

/** Longer sections are read each time, in UTF-16 units: what is kept stays small, whatever is sent. */
const LONGEST_KEPT = 512;

/** Reads a section as it stands. */
export function readTags(list: string, separator: ':' | '='): TagSection {
  const tags: Record<string, string> = {};
  return { tags, count: parseTags(list, separator, tags) };
}

/**
 * Reads a section once and knows it again, since programs repeat the same few in all their lines: equal texts give the same
 * frozen tags. Keeps at most `most` sections of each style; one more starts it over, which is cheaper than an order of use.
 */
export function rememberTags(most = 8192): ReadTags {
  const [dogStatsd, telegraf] = [knownSections(':', most), knownSections('=', most)];
  return (list, separator) => (separator === ':' ? dogStatsd(list) : telegraf(list));
}

function knownSections(separator: ':' | '=', most: number): (list: string) => TagSection {
  const known = new Map<string, TagSection & { readonly list: string }>();
  let last: TagSection & { readonly list: string } = { ...NO_SECTION, list: '' };
  return function readKnown(list) {
    // The lines of a series come one after the other, and to compare costs a fraction of looking up.
    if (list === last.list) return last;
    const found = known.get(list);
    if (found) {
      last = found;
      return found;
    }
    if (list.length > LONGEST_KEPT) return readTags(list, separator);
    const own = detached(list);
    last = { ...readTags(own, separator), list: own };
    Object.freeze(last.tags);
    if (known.size >= most) known.clear();
    known.set(own, last);
    return last;
  };
}

/** A copy that does not keep the datagram, of which the text is a slice, in memory: joined and cut, it is one of its own. */
function detached(text: string): string {
  return ` ${text}`.slice(1);
}
