import type { Tags } from '../metrics/series.ts';
import type { StatsdType } from '../metrics/vocabulary.ts';
import { tagSection, timingFormatter } from './format-timings.ts';
import { sanitizeMember, sanitizeName } from './sanitize.ts';

/** What a line says. `weight`, the whole number of samples that a value stands for, is for ms, h and d alone. */
export type StatsdLine = {
  readonly name: string;
  readonly type: StatsdType;
  readonly value: number;
  readonly weight?: number | undefined;
  /** A gauge's change instead of its value. */
  readonly delta?: boolean | undefined;
  /** A set's member, in place of the value. */
  readonly text?: string | undefined;
  readonly tags?: Tags | undefined;
};

/**
 * The statsd line, without its end: `http_req_duration:12.5|ms|@0.01|#method:GET,name:list items` stands for 100 timings
 * of 12.5 ms. Characters with a meaning in the protocol become `_`. A negative gauge takes two lines (to 0, then down),
 * since a sign makes a gauge's value a change. Throws a RangeError for what the parser would refuse: a value that is not
 * finite, a negative timing, a weight below 1.
 */
export function formatLine({ name, type, value, weight = 1, delta, text, tags }: StatsdLine): string {
  if (type === 'ms' || type === 'h' || type === 'd') return timingFormatter({ name, type, tags })(value, weight);
  if (!Number.isFinite(value)) throw new RangeError(`Expected a finite value for ${name}, got ${value}`);
  const start = `${sanitizeName(name)}:`;
  const end = `|${type}${tagSection(tags)}`;
  if (type === 's') return start + sanitizeMember(text ?? String(value)) + end;
  if (type === 'c') return start + value + end;
  if (delta === true) return start + (value < 0 ? '' : '+') + value + end;
  return value < 0 ? `${start}0${end}\n${start}${value}${end}` : start + value + end;
}
