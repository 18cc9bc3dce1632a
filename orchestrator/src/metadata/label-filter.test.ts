import { expect, test } from 'vitest';
import { hasLabels, parseLabelFilters } from './label-filter.ts';

const LABELS = { version: '2', team: 'a=b' };

test.each([
  [['version=2'], true],
  [['version'], true],
  [['team=a=b', 'version=2'], true],
  // All of them are asked for.
  [['version=2', 'team=c'], false],
  [['version=22'], false],
  // An empty value is a value.
  [['version='], false],
  [['search'], false],
  [['toString'], false],
  [[], true],
])('%j: %s', (texts, expected) => {
  expect(hasLabels(LABELS, parseLabelFilters(texts))).toBe(expected);
});

test('a run without labels carries none, and what is no label is refused', () => {
  expect(hasLabels(undefined, parseLabelFilters(['version']))).toBe(false);
  expect(() => parseLabelFilters(['=2'])).toThrow("--label '=2' is no name or name=value");
});
