import { TAGS } from '@loads/core';

/** A variable of the dashboard inside a query; `regex` escapes its values, and joins several as `(a|b)`. */
export function variable(name: string, format?: 'regex'): string {
  return `\${${name}${format === undefined ? '' : `:${format}`}}`;
}

/** That a point belongs to the run that `name` holds. */
export function ofRun(name: 'run' | 'compared' = 'run'): string {
  return `"${TAGS.run}" = '${variable(name)}'`;
}

/** Variables that may hold several values or all; each is called as its tag. */
export type Choice = 'scenario' | 'name' | 'node' | 'phase';

/** That a point carries one of the chosen values; "all" also matches points without the tag. */
export function chosen(...tags: readonly Choice[]): string {
  return tags.map((tag) => `"${tag}" =~ /^${variable(tag, 'regex')}$/`).join(' AND ');
}

/** The points of the run that match what can be chosen everywhere. */
export const CHOSEN: string = `${ofRun()} AND ${chosen('scenario', 'node', 'phase')}`;

/** Likewise, and of the chosen requests. */
export const CHOSEN_REQUESTS: string = `${CHOSEN} AND ${chosen('name')}`;

/** The points of the chosen nodes, of what belongs to a node as a whole. */
export const CHOSEN_NODES: string = `${ofRun()} AND ${chosen('node')}`;

/** Within the dashboard's time range. */
export const IN_RANGE = '$timeFilter';

/** One value for each point on the screen; windows without points have none. */
export function perWindow(...tags: readonly string[]): string {
  return `GROUP BY ${['time($__interval)', ...tags.map((tag) => `"${tag}"`)].join(', ')} fill(none)`;
}

/** A sum of counts as a rate, per second. */
export function perSecond(sum: string): string {
  return `${sum} * 1000 / $__interval_ms`;
}
