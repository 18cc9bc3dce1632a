import type { PhaseLookup } from '../schedule/phase-lookup.ts';
import { type Latencies, latencyCount, mergeLatencies } from '../timeline/latencies.ts';
import type { Track } from '../timeline/track.ts';
import { type Batch, designEffect } from './design-effect.ts';
import { countFrom, placeOf } from './latency-place.ts';
import { QUANTILES, type QuantileName } from './quantiles.ts';

/** The design effect of each figure: how many samples are worth one independent one. */
export type Clustering = Readonly<Record<QuantileName | 'failures', number>>;

/** Where nothing is known of how samples cling together. */
export const INDEPENDENT: Clustering = { p50: 1, p95: 1, p99: 1, failures: 1 };

/** A part of a run: one phase, or the time in which one fault was in force. */
export type Stretch = { readonly phase?: string | undefined; readonly fault?: string | undefined };

/** Longer runs have no more batches but longer ones: what drifts over minutes is seen in them, too. */
const MOST_BATCHES = 20;

type Step = { readonly count: number; readonly failed: number; readonly latencies: Latencies };

/** How requests cling together in a part of a run, by its steps that are wholly in it. */
export function clusteringOf(track: Track, phaseAt: PhaseLookup, stretch: Stretch): Clustering {
  const batches = batchesOf(stepsIn(track, phaseAt, stretch));
  const all = batches.reduce<Latencies>((merged, { latencies }) => mergeLatencies(merged, latencies), []);
  const ofQuantile = (name: QuantileName): number => {
    const place = placeOf(all, QUANTILES[name]);
    return designEffect(
      batches.map(({ latencies }): Batch => ({ count: latencyCount(latencies), marked: countFrom(latencies, place) })),
    );
  };
  return {
    p50: ofQuantile('p50'),
    p95: ofQuantile('p95'),
    p99: ofQuantile('p99'),
    failures: designEffect(batches.map(({ count, failed }) => ({ count, marked: failed }))),
  };
}

function stepsIn(
  { count, failed, latencies, stepMs }: Track,
  phaseAt: PhaseLookup,
  { phase, fault }: Stretch,
): readonly Step[] {
  const isIn = (fromMs: number, toMs: number): boolean => {
    const at = phaseAt(fromMs, toMs);
    return (phase === undefined || at.phase === phase) && (fault === undefined || at.fault.split('+').includes(fault));
  };
  return count.flatMap((requests, i): readonly Step[] => {
    const [from, to] = [i * stepMs, (i + 1) * stepMs - 1];
    if (!isIn(from, from) || !isIn(to, to) || !isIn(from, to)) return [];
    return [{ count: requests, failed: failed[i] ?? 0, latencies: latencies[i] ?? [] }];
  });
}

/** Neighbouring steps as one, so that there are at most `MOST_BATCHES`. */
function batchesOf(steps: readonly Step[]): readonly Step[] {
  const size = Math.ceil(steps.length / MOST_BATCHES);
  const batches: Step[] = [];
  for (const [i, step] of steps.entries()) {
    const last = i % size === 0 ? undefined : batches.pop();
    batches.push(last ? joined(last, step) : step);
  }
  return batches;
}

function joined(a: Step, b: Step): Step {
  return {
    count: a.count + b.count,
    failed: a.failed + b.failed,
    latencies: mergeLatencies(a.latencies, b.latencies),
  };
}
