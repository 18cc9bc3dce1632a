import { type Comparison, compareRuns, Histogram, type PartFigures, type RunFigures } from '@loads/core';

const INDEPENDENT = { p50: 1, p95: 1, p99: 1, failures: 1 };

function part(from: number, to: number, count: number, given: Partial<PartFigures> = {}): PartFigures {
  const durations = new Histogram();
  for (let i = 0; i < count; i++) durations.record(from + ((to - from) * i) / count);
  const steady = given.fault === undefined && ({ phase: 'steady' } as const);
  return { metric: 'http_req_duration', ...steady, durations, count, failed: 0, clustering: INDEPENDENT, ...given };
}

const shared: Omit<RunFigures, 'run' | 'createdAt' | 'parts' | 'faults'> = {
  name: 'shop',
  outcome: 'passed',
  durationMs: 20_000,
  requests: 1400,
  requestsFailed: 390,
  rate: 70,
  dropped: 0,
  labels: { version: '1' },
  load: { load: '5 workers on 1 node for 20s' },
  made: { target: 'http://shop', revision: 'abcdef012345' },
  thresholds: [{ metric: 'http_req_failed{fault:down}', expression: 'rate<0.01', ok: false }],
};

/** A run that a fault brings down. */
export const fragile: RunFigures = {
  ...shared,
  run: '20261120-120000-shop-aaaa',
  createdAt: '2026-11-20T12:00:00.000Z',
  outcome: 'failed',
  parts: [
    part(10, 20, 1000),
    part(300, 400, 400, { fault: 'down', failed: 390 }),
    part(10, 20, 400, { name: 'GET /items' }),
    part(10, 20, 4, { name: '<img src=x onerror=1>|`\u001b[31m' }),
  ],
  faults: [{ fault: 'down', effect: 'collapsed', failedBecause: 390, recoveryMs: 4000 }],
};

/** The same service, better at that fault and slower otherwise, under another load. */
export const robust: RunFigures = {
  ...shared,
  run: '20261121-120000-shop-bbbb',
  createdAt: '2026-11-21T12:00:00.000Z',
  labels: { version: '2' },
  load: { load: '9 workers on 1 node for 20s' },
  thresholds: [{ metric: 'http_req_failed{fault:down}', expression: 'rate<0.01', ok: true }],
  parts: [
    part(10, 20, 1000),
    part(310, 410, 400, { fault: 'down' }),
    part(20, 40, 400, { name: 'GET /items' }),
    part(10, 20, 4, { name: '<img src=x onerror=1>|`\u001b[31m' }),
    part(10, 20, 4, { name: 'GET /new' }),
  ],
  faults: [{ fault: 'down', effect: 'degraded', failedBecause: 0, recoveryMs: 0 }],
};

/** A comparison with everything in it that one can show. */
export const fullComparison: Comparison = compareRuns(fragile, robust);
