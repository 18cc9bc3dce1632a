import type { Tags } from '@loads/core';

/** The tags that have a value. */
export function tagsOf(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ''));
}
