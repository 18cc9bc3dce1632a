import { LoadsError } from '../errors/loads-error.ts';
import { bucketOf, isBucket } from './bucket-layout.ts';

/**
 * A histogram at rest. `buckets` holds a pair for each non-empty bucket, ascending: how far its index is from the one
 * before (from 0 for the first), and its count. An empty histogram has no min and max.
 */
export type HistogramJson = {
  readonly count: number;
  readonly sum: number;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly buckets: readonly number[];
};

type HistogramContent = {
  readonly count: number;
  readonly sum: number;
  readonly range: { readonly min: number; readonly max: number } | undefined;
  readonly entries: readonly (readonly [index: number, count: number])[];
};

/** Relative slack for what float rounding does to a sum over 1e9 samples. */
const SUM_SLACK = 1e-6;
/** The same for fractional counts. Whole counts below 1e9 have to add up exactly. */
const COUNT_SLACK = 1e-9;

/** The content of a `HistogramJson`. Throws a LoadsError (ERR_RUN_DAMAGED) when it is none, or its parts disagree. */
export function readHistogramJson(input: unknown): HistogramContent {
  if (!isRecord(input)) throw damaged('it is not an object');
  const count = readAmount(input, 'count');
  const sum = readAmount(input, 'sum');
  const entries = readEntries(input.buckets);
  const total = entries.reduce((seen, [, bucketCount]) => seen + bucketCount, 0);
  if (!(Math.abs(total - count) <= count * COUNT_SLACK)) {
    throw damaged(`its buckets hold ${total} samples, not ${count}`);
  }
  const first = entries[0];
  const last = entries.at(-1);
  if (first === undefined || last === undefined) {
    if (sum !== 0 || input.min !== undefined || input.max !== undefined) throw damaged('it is empty, yet has values');
    return { count, sum, range: undefined, entries };
  }
  const min = readAmount(input, 'min');
  const max = readAmount(input, 'max');
  if (min > max || bucketOf(min) !== first[0] || bucketOf(max) !== last[0]) {
    throw damaged(`min ${min} and max ${max} do not fit its buckets`);
  }
  if (sum < Math.min(min * count, Number.MAX_VALUE) * (1 - SUM_SLACK) || sum > max * count * (1 + SUM_SLACK)) {
    throw damaged(`its sum ${sum} is impossible for ${count} samples from ${min} to ${max}`);
  }
  return { count, sum, range: { min, max }, entries };
}

function readEntries(buckets: unknown): [index: number, count: number][] {
  if (!Array.isArray(buckets) || buckets.length % 2 !== 0) throw damaged('`buckets` is not a list of pairs');
  const entries: [number, number][] = [];
  let index = 0;
  for (let i = 0; i < buckets.length; i += 2) {
    const step: unknown = buckets[i];
    const count: unknown = buckets[i + 1];
    if (!isAmount(step) || (i > 0 && step === 0) || !isBucket(index + step)) {
      throw damaged(`no bucket is ${JSON.stringify(step)} after bucket ${index}`);
    }
    if (!isAmount(count) || count === 0) throw damaged(`${JSON.stringify(count)} is not the count of a bucket`);
    index += step;
    entries.push([index, count]);
  }
  return entries;
}

function readAmount(input: Record<string, unknown>, key: 'count' | 'sum' | 'min' | 'max'): number {
  const value = input[key];
  if (!isAmount(value)) throw damaged(`\`${key}\` is not a finite number >= 0`);
  return value;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function damaged(why: string): LoadsError {
  return new LoadsError('ERR_RUN_DAMAGED', `A histogram is damaged: ${why}`);
}
