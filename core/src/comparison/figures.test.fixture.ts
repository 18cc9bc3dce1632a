import { Histogram } from '../histogram/histogram.ts';
import { INDEPENDENT } from './clustering.ts';
import type { PartFigures, RunFigures } from './run-figures.ts';

/** Durations (ms) as a histogram. */
export function histogramOf(values: readonly number[], weight = 1): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value, weight);
  return histogram;
}

/** So many durations, evenly spread from one to the other, ms. */
export function spread(from: number, to: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / Math.max(1, count - 1));
}

/** A part of a run: all requests of the steady phase, unless it says otherwise. */
export function partOf(values: readonly number[], given: Partial<PartFigures> = {}): PartFigures {
  const durations = histogramOf(values);
  return {
    metric: 'http_req_duration',
    ...(given.fault === undefined && { phase: 'steady' }),
    durations,
    count: durations.count,
    failed: 0,
    clustering: INDEPENDENT,
    ...given,
  };
}

/** A run that passed. */
export function runOf(parts: readonly PartFigures[], given: Partial<RunFigures> = {}): RunFigures {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  return {
    run: '20261121-120000-shop-aaaa',
    name: 'shop',
    createdAt: '2026-11-21T12:00:00.000Z',
    outcome: 'passed',
    durationMs: 10_000,
    requests: count,
    requestsFailed: 0,
    rate: count / 10,
    dropped: 0,
    labels: {},
    load: { load: '5 workers on 1 node for 10s' },
    made: { target: 'http://shop', seed: '1' },
    parts,
    faults: [],
    thresholds: [],
    ...given,
  };
}
