import fc from 'fast-check';
import { expect, test } from 'vitest';
import { edgeConfidence, holdsConfidence } from './confidence.ts';
import { type NextTrial, nextTrial, type Search, type SizingEdge } from './next-trial.ts';
import type { Trial, TrialOutcome } from './trial.ts';

const search: Search = { first: 8, ceiling: 500, precision: 0.05, repeats: 3, mostTrials: 60 };

/** Searches against a service that answers a trial so; gives the trials and the end. */
function run(
  answer: (level: number, earlier: readonly Trial[]) => TrialOutcome,
  change: Partial<Search> = {},
): { readonly trials: readonly Trial[]; readonly end: SizingEdge } {
  const trials: Trial[] = [];
  const own = { ...search, ...change };
  for (;;) {
    const next: NextTrial = nextTrial(own, trials);
    if (next.kind === 'end') return { trials, end: next };
    expect(next.level).toBeGreaterThanOrEqual(1);
    expect(next.level).toBeLessThanOrEqual(own.ceiling);
    trials.push({ level: next.level, outcome: answer(next.level, trials) });
    expect(trials.length).toBeLessThanOrEqual(own.mostTrials);
  }
}

test('ramps in doublings, halves the gap, and tries both levels of the edge three times', () => {
  const { trials, end } = run((level) => (level <= 70 ? 'held' : 'broke'));
  expect(trials.map(({ level }) => level)).toEqual([
    // Ramp: 128 is too much.
    ...[8, 16, 32, 64, 128],
    // Search: until the gap is 3 of 70 or less.
    ...[96, 80, 72, 68, 70],
    // Repeat: twice more on either side.
    ...[70, 70, 72, 72],
  ]);
  expect(end).toMatchObject({ limit: 'service', holds: { level: 70, held: 3 }, breaks: { level: 72, broke: 3 } });
  expect(end.confidence).toBeCloseTo((15 / 16) ** 2, 10);
});

test('finds the edge of every service that has one, as exactly as asked', () => {
  const levels = fc.record({ ceiling: fc.integer({ min: 1, max: 10_000 }), most: fc.integer({ min: 0, max: 12_000 }) });
  fc.assert(
    fc.property(levels, fc.integer({ min: 1, max: 200 }), ({ ceiling, most }, first) => {
      const { end } = run((level) => (level <= most ? 'held' : 'broke'), { ceiling, first: Math.min(first, ceiling) });
      if (most >= ceiling) expect(end).toMatchObject({ limit: 'ceiling', holds: { level: ceiling } });
      else {
        const low = end.holds?.level ?? 0;
        expect(end.limit).toBe('service');
        expect(low).toBeLessThanOrEqual(most);
        expect(end.breaks?.level).toBeGreaterThan(most);
        expect((end.breaks?.level ?? 0) - low).toBeLessThanOrEqual(Math.max(1, low * 0.05));
      }
    }),
  );
});

test('ends whatever the trials say, and never claims a level above one that did not hold', () => {
  const outcome = fc.constantFrom<TrialOutcome>('held', 'broke', 'invalid');
  fc.assert(
    fc.property(
      fc.array(outcome, { minLength: 60, maxLength: 60 }),
      fc.integer({ min: 1, max: 500 }),
      (said, ceiling) => {
        const { trials, end } = run((_, earlier) => said[earlier.length] ?? 'held', {
          ceiling,
          first: Math.min(8, ceiling),
        });
        const { holds, breaks } = end;
        if (holds) expect(holds.held).toBeGreaterThan(holds.broke);
        if (holds && breaks) expect(holds.level).toBeLessThan(breaks.level);
        if (end.limit !== 'trials' && end.limit !== 'generator')
          for (const edge of [holds, breaks])
            if (edge && edge.invalid < 2) expect(edge.held + edge.broke).toBeGreaterThanOrEqual(3);
        expect(end.confidence).toBeGreaterThanOrEqual(0);
        expect(end.confidence).toBeLessThanOrEqual(1);
        expect(trials.length).toBeGreaterThan(0);
      },
    ),
  );
});

test('a level that breaks when it is repeated moves the edge down, and one bad trial of three does not', () => {
  const flaky = (bad: readonly number[]) => (level: number, earlier: readonly Trial[]) => {
    const time = earlier.filter((one) => one.level === level).length;
    if (level === 70 && bad.includes(time)) return 'broke' as const;
    return level <= 70 ? ('held' as const) : ('broke' as const);
  };
  expect(run(flaky([1])).end).toMatchObject({ holds: { level: 70, held: 2, broke: 1 } });
  expect(run(flaky([1, 2])).end).toMatchObject({ holds: { level: 68 }, breaks: { level: 70, broke: 2 } });
});

test('what the generator cannot make is tried twice, and is no limit of the service', () => {
  const { trials, end } = run((level) => (level <= 64 ? 'held' : 'invalid'));
  expect(trials.filter(({ level }) => level === 128)).toHaveLength(2);
  expect(end).toMatchObject({ limit: 'generator', holds: { level: 64 }, breaks: { level: 66 } });
});

test('a search with a floor tries nothing below it, and ends there when that breaks', () => {
  const { trials, end } = run((level) => (level <= 70 ? 'held' : 'broke'), { first: 50, floor: 50 });
  expect(Math.min(...trials.map(({ level }) => level))).toBe(50);
  expect(end).toMatchObject({ holds: { level: 68 }, breaks: { level: 71 } });
  const low = run((level) => (level <= 9 ? 'held' : 'broke'), { first: 50, floor: 10 });
  expect(Math.min(...low.trials.map(({ level }) => level))).toBe(10);
  expect(low.end).toMatchObject({ limit: 'service', breaks: { level: 10, broke: 3 } });
  expect(low.end.holds).toBeUndefined();
});

test('nothing holds: the search goes down to one', () => {
  expect(run(() => 'broke').end).toMatchObject({ limit: 'service', breaks: { level: 1, broke: 3 } });
  expect(run(() => 'broke').end.holds).toBeUndefined();
});

test('confidence is that of the binomial tail: even without trials, and symmetric', () => {
  expect(holdsConfidence({ held: 0, broke: 0 })).toBe(0.5);
  expect(holdsConfidence({ held: 3, broke: 0 })).toBe(15 / 16);
  expect(holdsConfidence({ held: 2, broke: 1 })).toBe(11 / 16);
  expect(edgeConfidence(undefined, undefined)).toBe(0);
  const count = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(count, count, (held, broke) => {
      const [one, other] = [holdsConfidence({ held, broke }), holdsConfidence({ held: broke, broke: held })];
      expect(one + other).toBeCloseTo(1, 10);
      expect(holdsConfidence({ held: held + 1, broke })).toBeGreaterThan(one);
    }),
  );
});
