import { expect, test } from 'vitest';
import { randomSequence } from '../random/draw.ts';
import { phaseLookup } from '../schedule/phase-lookup.ts';
import { timelineOf } from '../timeline/timeline.test.fixture.ts';
import { clusteringOf, INDEPENDENT } from './clustering.ts';
import { compareParts } from './compare-parts.ts';
import { TOLERATED } from './compare-runs.ts';
import { partOf } from './figures.test.fixture.ts';
import type { PartFigures } from './run-figures.ts';

const steadyAlways = phaseLookup([], 0);

/** A run of 20 s whose seconds have moods: a pause of the service makes all requests of a second slower. */
function moodyRun(random: () => number): PartFigures {
  const list = Array.from({ length: 20 }, (_, second) => {
    const mood = 1 + 0.6 * random();
    const durations = Array.from({ length: 60 }, () => Math.round(8 * mood * (20 - 10 * Math.log(1 - random()))) / 8);
    return { second, name: 'GET /', durations, failed: 0 };
  });
  const part = partOf(list.flatMap(({ durations }) => durations));
  return { ...part, clustering: clusteringOf(timelineOf(list).total, steadyAlways, { phase: 'steady' }) };
}

test('runs of a service with moods are not called different, as they would be if requests were independent', () => {
  const random = randomSequence(5);
  const pairs = Array.from({ length: 40 }, () => [moodyRun(random), moodyRun(random)] as const);
  const told = (change: string): boolean => change === 'worse' || change === 'better';
  const strict = { ...TOLERATED, leastMs: 0 };
  const naive = pairs.filter(([a, b]) => {
    const independent = (part: PartFigures): PartFigures => ({ ...part, clustering: INDEPENDENT });
    return told(compareParts(independent(a), independent(b), strict).change);
  });
  const careful = pairs.filter(([a, b]) => told(compareParts(a, b, strict).change));
  expect(naive.length).toBeGreaterThan(7);
  expect(careful.length).toBeLessThanOrEqual(2);
});

test('seconds that only touch a phase tell nothing of it', () => {
  const behaviors = [{ percent: 100, behavior: 'delay', options: {} }];
  // The fault covers six whole seconds and two halves.
  const phaseAt = phaseLookup([{ name: 'slow', proxy: 'web', atMs: 4500, forMs: 7000, behaviors }], 0);
  const list = Array.from({ length: 20 }, (_, second) => ({
    ...{ second, name: 'GET /', failed: second === 4 || second === 11 ? 10 : 0 },
    durations: Array.from({ length: 10 }, () => 10),
  }));
  const { total } = timelineOf(list);
  expect(clusteringOf(total, phaseAt, { fault: 'slow' }).failures).toBe(1);
  expect(clusteringOf(total, phaseAt, { phase: 'steady' }).failures).toBe(1);
  // One that begins and ends within a second spoils it, too.
  const blinks = [4, 11].map((second) => ({
    name: 'blink',
    proxy: 'web',
    atMs: second * 1000 + 300,
    forMs: 200,
    behaviors,
  }));
  expect(clusteringOf(total, phaseLookup(blinks, 0), { phase: 'steady' }).failures).toBe(1);
  expect(clusteringOf(total, steadyAlways, { phase: 'steady' }).failures).toBeGreaterThan(5);
  expect(clusteringOf(total, phaseAt, { phase: 'recovery' })).toEqual(INDEPENDENT);
});
