import { expect, test } from 'vitest';
import { didYouMean, formatPath } from './problem.ts';

test.each([
  [[], ''],
  [['nodes'], 'nodes'],
  [['chaos', 0, 'behavior'], 'chaos[0].behavior'],
  [['thresholds', 'http_reqs', 1], 'thresholds.http_reqs[1]'],
])('the path %j is written %j', (path, text) => {
  expect(formatPath(path)).toBe(text);
});

const WORDS = ['workers', 'nodes', 'name', 'target'];

test.each([
  ['wrokers', 'workers'],
  ['Workers', 'workers'],
  ['worker', 'workers'],
  ['node', 'nodes'],
  ['nmae', 'name'],
  ['targets', 'target'],
  // Nothing is near.
  ['influx', undefined],
  ['x', undefined],
  ['', undefined],
])('for %j the word is %j', (word, meant) => {
  expect(didYouMean(word, WORDS)).toBe(meant);
});

test('without candidates there is no suggestion', () => {
  expect(didYouMean('workers', [])).toBeUndefined();
});
