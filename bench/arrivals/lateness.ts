import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Histogram, nodeResultFromJson, select } from '@loads/core';

/** How late the iterations of a run began, ms; and how many were dropped. */
export type Lateness = {
  readonly started: number;
  readonly dropped: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** The share that began within `withinMs`, 0-1. */
  readonly within: number;
};

/** Reads what node 1 of a run folder measured. */
export async function readLateness(runFolder: string, withinMs: number): Promise<Lateness> {
  const bytes = await readFile(join(runFolder, 'nodes/1/result.json.gz'));
  const { series } = nodeResultFromJson(JSON.parse(gunzipSync(bytes).toString()));
  const lag = select(series, 'schedule_lag');
  const dropped = select(series, 'dropped_iterations');
  if (lag?.kind !== 'trend') throw new Error('the run measured no schedule_lag');
  const { histogram } = lag;
  const at = (quantile: number): number => histogram.quantile(quantile) ?? 0;
  return {
    started: histogram.count,
    dropped: dropped?.kind === 'counter' ? dropped.sum : 0,
    p50: at(0.5),
    p99: at(0.99),
    p999: at(0.999),
    max: at(1),
    within: shareWithin(histogram, withinMs),
  };
}

/** The largest share of the samples that is not above a value, to 1 in 100,000: quantiles rise with the share. */
function shareWithin(histogram: Histogram, value: number): number {
  let [low, high] = [0, 100_000];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((histogram.quantile(middle / 100_000) ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low / 100_000;
}
