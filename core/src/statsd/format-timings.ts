import type { Tags } from '../metrics/series.ts';
import { MAX_WEIGHT } from './sample.ts';
import { rateOfWeight } from './sample-rate.ts';
import { sanitizeName, sanitizeTagKey, sanitizeTagValue } from './sanitize.ts';

export type TimingSeries = { readonly name: string; readonly type: 'ms' | 'h' | 'd'; readonly tags?: Tags | undefined };

/**
 * Formats the lines of one series, whose name and tags are prepared once: a flush writes hundreds of them.
 * The result takes a value >= 0 and the whole number of samples that it stands for, and throws a RangeError for others.
 */
export function timingFormatter({ name, type, tags }: TimingSeries): (value: number, weight: number) => string {
  const start = `${sanitizeName(name)}:`;
  const typeSection = `|${type}`;
  const tagsSection = tagSection(tags);
  return function formatTiming(value: number, weight: number): string {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY && weight >= 1 && weight <= MAX_WEIGHT)) {
      throw new RangeError(`Expected a finite value >= 0 and a weight >= 1 for ${name}, got ${value} and ${weight}`);
    }
    const rateSection = weight === 1 ? '' : `|@${rateOfWeight(weight)}`;
    return start + value + typeSection + rateSection + tagsSection;
  };
}

/** The section of a line that holds its tags, `|#method:GET,name:list items`; empty without tags. */
export function tagSection(tags: Tags | undefined): string {
  if (tags === undefined) return '';
  const pairs = Object.entries(tags).map(([key, value]) => `${sanitizeTagKey(key)}:${sanitizeTagValue(value)}`);
  return pairs.length === 0 ? '' : `|#${pairs.join(',')}`;
}
