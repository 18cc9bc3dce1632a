import { expect, test } from 'vitest';
import type { FaultCatalog } from '../plan/config-schema.ts';
import { parsePlan } from '../plan/parse-plan.ts';
import { formatPath } from '../plan/problem.ts';

const catalog: FaultCatalog = {
  protocols: [],
  parse: () => ({ problems: [] }),
  proxy: (rest) => ({ settings: undefined, rest, problems: [] }),
};

function parsed(config: Readonly<Record<string, unknown>>): unknown {
  const found = parsePlan({ scenario: 'shop.ts', sizing: true, ...config }, { catalog, defaultSeed: 1 });
  return 'plan' in found ? found.plan : found.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);
}

test('a sizing that says no more searches up to 500 workers in trials of 15 s, with a tolerance of 5 %', () => {
  expect(parsed({})).toMatchObject({
    workers: 500,
    durationMs: 15_000,
    sizing: { tolerance: 0.05 },
    load: [{ model: { kind: 'workers', profile: [{ forMs: 1500, from: 0, to: 500 }, { forMs: 13_500 }] } }],
  });
});

test('what it says stands: the highest load, the length of a trial, the ramp, the tolerance', () => {
  const own = { workers: 20, duration: '1m', rampUp: 0, sizingTolerance: 0.5, nodes: 2 };
  expect(parsed(own)).toMatchObject({ workers: 20, durationMs: 60_000, sizing: { tolerance: 0.005 } });
  expect(parsed(own)).not.toHaveProperty('load');
  const open = { workers: 1, durationMs: 15_000, load: [{ model: { kind: 'arrivals', profile: [{ to: 100 }] } }] };
  expect(parsed({ rate: '100/s' })).toMatchObject(open);
});

test('a load without one height, and an end that is not the trial of it, are refused, all at once', () => {
  expect(parsed({ hits: 3, singleRun: true, stopOnFailure: true, sizingTolerance: 100 })).toEqual([
    'sizingTolerance: expected less than 100',
    'hits: a sizing searches for one number: say the highest `workers` or `rate`',
    'singleRun: `singleRun` and `sizing` exclude each other',
    'stopOnFailure: `stopOnFailure` and `sizing` exclude each other: say `sizingTolerance: 0`',
  ]);
  const search = 'a sizing searches for one number: say the highest `workers` or `rate`';
  expect(parsed({ workers: '10:20' })).toContain(`workers: ${search}`);
  expect(parsed({ scenarios: { read: { workers: 1 } } })).toContain(`scenarios: ${search}`);
  expect(parsed({ stages: [{ for: '1s', workers: 2 }] })).toContain(`stages: ${search}`);
  expect(parsed({ sizing: false, sizingTolerance: 3 })).toEqual(['sizingTolerance: needs `sizing`']);
});
