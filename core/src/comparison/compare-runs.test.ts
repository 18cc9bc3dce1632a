import { expect, test } from 'vitest';
import { randomSequence } from '../random/draw.ts';
import { compareRuns, TOLERATED } from './compare-runs.ts';
import type { Change, Comparison, FigureName } from './comparison.ts';
import { partOf, runOf, spread } from './figures.test.fixture.ts';
import type { PartFigures } from './run-figures.ts';

function changeOf({ parts }: Comparison, figure: FigureName): Change | undefined {
  return parts[0]?.figures.find((one) => one.figure === figure)?.change;
}

function compared(a: PartFigures, b: PartFigures, tolerance = TOLERATED): Comparison {
  return compareRuns(runOf([a]), runOf([b]), tolerance);
}

test('a run is the same as itself', () => {
  const run = runOf([partOf(spread(10, 100, 5000), { failed: 50 }), partOf(spread(10, 90, 3000), { name: 'GET /' })]);
  const { change, parts, unlike, onlyInA, onlyInB, separatedBy } = compareRuns(run, run);
  expect(change).toBe('same');
  expect(parts.map((part) => part.change)).toEqual(['same', 'same']);
  for (const { figures, effect } of parts) {
    expect(effect).toEqual({ delta: 0, size: 'negligible' });
    for (const { difference } of figures) expect(difference?.value).toBe(0);
  }
  expect([unlike, onlyInA, onlyInB, separatedBy]).toEqual([[], [], [], undefined]);
});

test('a million samples make no difference of what does not matter', () => {
  const a = partOf([], { count: 1e6 });
  const b = partOf([], { count: 1e6 });
  for (const value of spread(10, 100, 1000)) {
    a.durations.record(value, 1000);
    b.durations.record(value + 0.8, 1000);
  }
  const comparison = compared(a, b);
  expect(comparison.change).toBe('same');
  // It is as certain as can be.
  const p50 = comparison.parts[0]?.figures.find(({ figure }) => figure === 'p50');
  expect(p50?.difference?.lower).toBeGreaterThan(0);
  // Who wants to know it, is told.
  expect(compared(a, b, { ratio: 0.001, leastMs: 0.1 }).change).toBe('worse');
});

test('a tail that doubled is worse, though hardly any request is overtaken', () => {
  const fast = spread(10, 20, 9000);
  const a = partOf([...fast, ...spread(50, 60, 1000)]);
  const b = partOf([...fast, ...spread(100, 120, 1000)]);
  const comparison = compared(a, b);
  expect(comparison.change).toBe('worse');
  expect([changeOf(comparison, 'p50'), changeOf(comparison, 'p95')]).toEqual(['same', 'worse']);
  expect(comparison.parts[0]?.effect?.size).toBe('negligible');
  expect(compared(b, a).change).toBe('better');
});

test('few samples are told as such, however far they are apart', () => {
  const comparison = compared(partOf(spread(10, 20, 6)), partOf(spread(100, 200, 6)));
  expect(comparison.change).toBe('too-few');
  expect(comparison.parts[0]?.figures[0]).toMatchObject({ figure: 'p50', change: 'too-few', difference: undefined });
});

test('p99 is shown and does not decide', () => {
  const fast = spread(10, 20, 9800);
  const comparison = compared(partOf([...fast, ...spread(20, 21, 200)]), partOf([...fast, ...spread(500, 900, 200)]));
  expect(changeOf(comparison, 'p99')).toBe('worse');
  expect(comparison.change).toBe('same');
});

test.each<[Change, number, number, number]>([
  ['same', 0, 0, 500],
  ['same', 5, 5, 500],
  ['same', 0, 1, 10_000],
  ['too-few', 0, 1, 500],
  ['worse', 0, 30, 500],
  ['better', 250, 100, 500],
  ['same', 5000, 5100, 10_000],
  ['worse', 5000, 5600, 10_000],
])('failures are %s from %i to %i of %i', (change, a, b, count) => {
  const values = spread(10, 11, count);
  expect(changeOf(compared(partOf(values, { failed: a }), partOf(values, { failed: b })), 'failures')).toBe(change);
});

test('failures that come in bursts are less certain than the same number at random', () => {
  const values = spread(10, 11, 1000);
  const clustering = { p50: 1, p95: 1, p99: 1, failures: 50 };
  const a = partOf(values);
  expect(changeOf(compared(a, partOf(values, { failed: 20 })), 'failures')).toBe('worse');
  expect(changeOf(compared(a, partOf(values, { failed: 20, clustering })), 'failures')).toBe('too-few');
});

test('two runs of one distribution are hardly ever called different', () => {
  const random = randomSequence(11);
  const sample = (): number[] => Array.from({ length: 2000 }, () => 20 - 30 * Math.log(1 - random()));
  const changes = Array.from({ length: 100 }, () => compared(partOf(sample()), partOf(sample())).change);
  expect(changes.filter((change) => change === 'worse' || change === 'better').length).toBeLessThanOrEqual(3);
});

test('parts are matched by request, phase and fault; what only one run has is named', () => {
  const values = spread(10, 20, 200);
  const a = runOf([partOf(values), partOf(values, { name: 'GET /old' }), partOf(values, { fault: 'slow' })]);
  const b = runOf([partOf(values, { fault: 'slow' }), partOf(values, { name: 'GET /new' }), partOf(values)]);
  const { parts, onlyInA, onlyInB } = compareRuns(a, b);
  expect(parts.map(({ phase, fault }) => [phase, fault])).toEqual([
    [undefined, 'slow'],
    ['steady', undefined],
  ]);
  expect(onlyInA).toMatchObject([{ name: 'GET /old', phase: 'steady' }]);
  expect(onlyInB).toMatchObject([{ name: 'GET /new' }]);
  expect(compareRuns(runOf([]), b)).toMatchObject({ change: 'too-few', parts: [] });
});

test('what the runs are not alike in is told, and whether it is the load', () => {
  const part = partOf(spread(10, 20, 200));
  const a = runOf([part], {
    load: { load: '5 workers', 'fault slow': 'delay' },
    thresholds: [{ metric: 'm', expression: 'rate<1', ok: true }],
  });
  const b = runOf([part], {
    load: { load: '9 workers' },
    made: { target: 'http://other', seed: '1' },
    thresholds: [{ metric: 'm', expression: 'rate<1', ok: false }],
  });
  const { unlike, thresholds } = compareRuns(a, b);
  expect(unlike).toEqual([
    { what: 'load', a: '5 workers', b: '9 workers', load: true },
    { what: 'fault slow', a: 'delay', b: undefined, load: true },
    { what: 'target', a: 'http://shop', b: 'http://other', load: false },
  ]);
  expect(thresholds).toEqual([{ metric: 'm', expression: 'rate<1', a: true, b: false }]);
});

test('the fault that separates two runs is the one with the most failures between them', () => {
  const values = spread(10, 20, 400);
  const slow = spread(300, 400, 400);
  const faults = [
    { fault: 'slow', effect: 'degraded', failedBecause: 0 },
    { fault: 'errors', effect: 'degraded', failedBecause: 40 },
    { fault: 'down', effect: 'collapsed', failedBecause: 390 },
  ] as const;
  const a = runOf(
    [
      partOf(values),
      partOf(slow, { fault: 'slow' }),
      partOf(values, { fault: 'errors', failed: 40 }),
      partOf(values, { fault: 'down', failed: 390 }),
    ],
    { faults },
  );
  const b = runOf(
    [
      partOf(values),
      partOf(values, { fault: 'slow' }),
      partOf(values, { fault: 'errors' }),
      partOf(values, { fault: 'down' }),
    ],
    {
      faults: [
        { fault: 'errors', effect: 'none', failedBecause: 0 },
        { fault: 'down', effect: 'degraded', failedBecause: 0, recoveryMs: 1000 },
      ],
    },
  );
  const comparison = compareRuns(a, b);
  expect(comparison).toMatchObject({ change: 'better', separatedBy: 'down' });
  expect(comparison.faults[1]).toEqual({
    fault: 'down',
    change: 'better',
    a: { effect: 'collapsed', failedBecause: 390, recoveryMs: undefined },
    b: { effect: 'degraded', failedBecause: 0, recoveryMs: 1000 },
  });
  const without = (names: readonly string[]): string | undefined =>
    compareRuns(
      {
        ...a,
        parts: a.parts.filter(({ fault = '' }) => !names.includes(fault)),
        faults: faults.filter(({ fault }) => !names.includes(fault)),
      },
      { ...b, faults: b.faults.filter(({ fault }) => !names.includes(fault)) },
    ).separatedBy;
  expect(without(['down'])).toBe('errors');
  expect(without(['down', 'errors'])).toBe('slow');
  expect(without(['down', 'errors', 'slow'])).toBeUndefined();
});

test('where no request tells, the effect on the service does', () => {
  const part = partOf(spread(10, 20, 400));
  const a = runOf([part], { faults: [{ fault: 'down', effect: 'collapsed', failedBecause: 0 }] });
  const b = runOf([part], { faults: [{ fault: 'down', effect: 'none', failedBecause: 0 }] });
  expect(compareRuns(a, b).separatedBy).toBe('down');
  expect(compareRuns(a, a).separatedBy).toBeUndefined();
});
