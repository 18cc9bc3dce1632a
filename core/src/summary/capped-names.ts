import { type Series, select } from '../metrics/series.ts';

/** Notes that requests share a name because there were too many names, where they do. */
export function cappedNames(series: readonly Series[]): readonly string[] {
  const capped = select(series, 'capped_names');
  const count = capped?.kind === 'counter' ? capped.sum : 0;
  return count === 0 ? [] : [`${count} requests are measured as (other): there were more names than a node keeps`];
}
