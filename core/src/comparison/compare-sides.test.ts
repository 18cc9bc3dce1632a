import { expect, test } from 'vitest';
import { differenceBetween } from './between-runs.ts';
import { compareRuns, TOLERATED } from './compare-runs.ts';
import { compareSides, type Side } from './compare-sides.ts';
import { partOf, runOf, spread } from './figures.test.fixture.ts';

/** A run of a thousand requests around a median, ms. */
function around(median: number, failed = 0): ReturnType<typeof runOf> {
  return runOf([partOf(spread(median * 0.8, median * 1.2, 1000), { failed })], { run: `r${median}` });
}

function figuresOf(a: Side, b: Side, figure = 'p50') {
  const [part] = compareSides(a, b, TOLERATED).parts;
  return { change: part?.change, figure: part?.figures.find((one) => one.figure === figure) };
}

test("the interval is Welch's with whole degrees of freedom", () => {
  const found = differenceBetween([10.1, 11.9, 10.6, 11, 10.4, 11.2], [12.4, 12.9, 12.1, 12.6, 11.7, 12.2]);
  expect(found?.value).toBeCloseTo(1.45, 9);
  // SciPy's ttest_ind(equal_var=False).confidence_interval(0.99) has 0.41907 to 2.48093 with 8.56 degrees; with 8 it is:
  expect([found?.lower, found?.upper]).toEqual([expect.closeTo(0.3993, 3), expect.closeTo(2.5007, 3)]);
  expect(differenceBetween([1], [2])).toBeUndefined();
  // One against three: the variance of the three, and that of one more.
  expect(differenceBetween([10, 11, 12], [20])).toEqual({
    value: 9,
    lower: expect.closeTo(9 - 9.925 * Math.sqrt(4 / 3), 6),
    upper: expect.closeTo(9 + 9.925 * Math.sqrt(4 / 3), 6),
  });
});

test('one run against one is what it was', () => {
  expect(compareSides([around(100)], [around(130)], TOLERATED)).toEqual(
    compareRuns(around(100), around(130), TOLERATED),
  );
});

test('what differs less between the sides than among the runs of a side is chance, however many requests there are', () => {
  expect(compareRuns(around(100), around(112)).change).toBe('worse');
  const noisy = figuresOf([around(100), around(118), around(92)], [around(112), around(96), around(121)]);
  expect(noisy.change).toBe('too-few');
  expect(noisy.figure?.perRun?.a).toHaveLength(3);
  const steady = figuresOf([around(100), around(101), around(99)], [around(112), around(113), around(111)]);
  expect(steady).toMatchObject({ change: 'worse', figure: { change: 'worse' } });
});

test('runs that happen to agree make nothing more certain than their requests do', () => {
  const few = (median: number) => runOf([partOf(spread(median * 0.5, median * 1.5, 12))]);
  const { figure } = figuresOf([few(100), few(100)], [few(108), few(108)]);
  expect(figure?.change).toBe('too-few');
});

test('failures are judged between runs, too; what is merged counts all requests', () => {
  const { figure } = figuresOf([around(100, 10), around(100, 60)], [around(100, 20), around(100, 90)], 'failures');
  expect(figure).toMatchObject({ a: 0.035, b: 0.055, change: 'too-few', perRun: { a: [0.01, 0.06], b: [0.02, 0.09] } });
  const found = compareSides([around(100), around(101)], [around(100)], TOLERATED);
  expect(found).toMatchObject({
    runs: { a: ['r100', 'r101'], b: ['r100'] },
    parts: [{ samples: { a: 2000, b: 1000 } }],
  });
  expect(found.a).toMatchObject({ run: 'r100, r101', requests: 2000, outcome: 'passed' });
});
