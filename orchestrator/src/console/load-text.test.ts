import type { RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { loadText } from './load-text.ts';
import { plan } from './plan.test.fixture.ts';

const rest = { atMs: 0, durationMs: null };
const hold = (value: number, forMs = 20_000): { forMs: number; from: number; to: number } => ({
  forMs,
  from: value,
  to: value,
});

test.each<[Partial<RunPlan>, string]>([
  [{}, '20 workers on 2 nodes for 20s (10 workers on each)'],
  [{ nodes: 1, workers: 1 }, '1 worker on 1 node for 20s'],
  [{ nodes: 3, workers: 7 }, '7 workers on 3 nodes for 20s (3 workers on node 1, 2 workers on nodes 2-3)'],
  [{ nodes: 2, workers: 20, each: true }, '10 workers for 20s, on each of 2 nodes'],
  [{ nodes: 1, workers: 10, processes: 4 }, '10 workers on 1 node of 4 processes for 20s'],
  [
    {
      load: [{ ...rest, model: { kind: 'workers', profile: [{ forMs: 30_000, from: 0, to: 50 }, hold(50, 120_000)] } }],
    },
    '0 to 50 workers in 30s, 50 workers for 2m, on 2 nodes (25 workers on each)',
  ],
  [
    {
      load: [
        {
          ...rest,
          model: { kind: 'arrivals', profile: [hold(500)], spacing: 'poisson', workers: 1, maxWorkers: 5000 },
        },
      ],
    },
    '500/s for 20s (Poisson) by at most 5,000 workers, on 2 nodes (250/s on each)',
  ],
  [
    { nodes: 2, load: [{ ...rest, model: { kind: 'iterations', iterations: 101, workers: 2, rampUpMs: 0 } }] },
    '101 iterations by 2 workers, on 2 nodes (51 iterations and 1 worker on node 1, 50 iterations and 1 worker on node 2)',
  ],
  [
    {
      nodes: 1,
      load: [
        {
          ...rest,
          model: {
            kind: 'hits',
            rounds: [
              { workers: 10, hits: 5 },
              { workers: 20, hits: 5 },
            ],
            rampUpMs: 0,
          },
        },
      ],
    },
    '10 workers x 5, 20 workers x 5 iterations, on 1 node',
  ],
  [{ nodes: 1, load: [{ ...rest, model: { kind: 'once', workers: 1 } }] }, 'every scenario once, on 1 node'],
  [
    {
      nodes: 1,
      load: [
        { ...rest, scenario: 'read', model: { kind: 'workers', profile: [hold(5)] } },
        { ...rest, scenario: 'write', atMs: 10_000, model: { kind: 'workers', profile: [hold(1)] } },
      ],
    },
    'read: 5 workers for 20s; write: 1 worker for 20s from 10s, on 1 node',
  ],
  [{ scenario: { kind: 'command', command: ['x'] }, durationMs: null }, '2 nodes until the command ends'],
])('%#: a load in words', (change, text) => {
  expect(loadText({ ...plan, ...change })).toBe(text);
});

test('a program for each worker says how many, what of, and since when', () => {
  const scenario = { kind: 'command' as const, command: ['./user.sh'], perWorker: { rampUpMs: 2000, hits: 10 } };
  const text = loadText({ ...plan, scenario, nodes: 2, workers: 6, durationMs: null });
  expect(text).toBe('a program for each of 6 workers of 10 hits begun in 2s on 2 nodes until the command ends');

  const cycles = [
    { workers: 2, hits: 10 },
    { workers: 6, hits: 10 },
  ];
  const inCycles = { ...scenario, perWorker: { rampUpMs: 0, hits: 10, cycles } };
  expect(loadText({ ...plan, scenario: inCycles, nodes: 2, workers: 6, durationMs: null })).toBe(
    'a program for each of 2 workers of 10 hits, then of 6 workers of 10 hits on 2 nodes until the command ends',
  );
});
