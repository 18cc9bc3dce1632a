import type { Summary, TrendStats } from '@loads/core';

const trend: TrendStats = {
  count: 1000,
  min: 0.3,
  mean: 10.75,
  p50: 0.89,
  p90: 1.96,
  p95: 6.04,
  p99: 301,
  p999: 1303,
  max: 61_000,
};

/** A summary with everything in it that a summary can show. */
export const fullSummary: Summary = {
  version: 1,
  run: '20261121-082640-shop-c862',
  name: 'shop',
  outcome: 'failed',
  exitCode: 99,
  reasons: ['threshold checks: rate>0.9 does not hold: it is 0.75'],
  tolerated: ['node 2 was lost: its sidecar ended early; what is kept ends at 08:26:52 UTC'],
  startedAtMs: 1_795_249_601_406.5,
  durationMs: 20_173.7,
  nodes: 2,
  workers: 20,
  seed: 1,
  total: {
    name: 'all requests',
    ok: 81_204,
    ko: 82,
    rate: 4064.3,
    duration: trend,
    phases: {
      steady: { ok: 80_000, ko: 0, rate: 4571.43, duration: trend },
      chaos: { ok: 1204, ko: 82, rate: 12.55, duration: trend },
    },
  },
  requests: [
    { name: 'list items', ok: 81_000, ko: 80, rate: 4052, duration: trend, phases: {} },
    {
      name: '(\u001b[31mother\u001b[0m)',
      ok: 204,
      ko: 2,
      rate: 10.25,
      phases: { steady: { ok: 204, ko: 2, rate: 1 } },
    },
  ],
  iterations: [
    { scenario: 'read', ok: 2248, failed: 3, duration: trend },
    { scenario: 'write', ok: 0, failed: 0 },
  ],
  interrupted: 1,
  commandExits: [
    { code: 0, count: 5 },
    { code: 137, count: 1 },
  ],
  checks: [
    { name: 'status is 200', ok: 4368, failed: 0 },
    { name: 'status is 201', ok: 99_999, failed: 1 },
  ],
  failures: [
    { failure: 'status', count: 80 },
    { failure: 'timeout', count: 2 },
  ],
  errors: Array.from({ length: 7 }, (_, i) => ({
    scenario: 'read',
    failure: 'assertion',
    message: `item ${i} is\tgone\u0007\n+ actual - expected`,
    count: 1007 - i,
    stack: 'AssertionError: ...\n    at read (file:///tests/shop.ts:7:3)',
    ...(i === 0 && {
      example: {
        name: 'list items',
        method: 'GET',
        url: 'http://shop/items/0',
        headers: { authorization: '[redacted]' },
        durationMs: 3.21,
        response: { status: 404, headers: { server: 'shop' }, body: 'gone' },
      },
    }),
  })),
  thresholds: [
    { metric: 'http_req_duration{phase:steady}', expression: 'p(95)<200', ok: true, actual: 6.04 },
    { metric: 'checks', expression: 'rate>0.9', ok: false, actual: 0.75 },
    { metric: 'http_reqs', expression: 'count>100000', ok: false, actual: 81_286 },
    { metric: 'orders', expression: 'count>10', ok: false, reason: 'no samples' },
  ],
  faults: [
    { fault: 'slow-web', proxy: 'web', protocol: 'http', behavior: 'delay', count: 1508 },
    { fault: 'always', proxy: 'db', protocol: 'tcp', behavior: 'blackout', count: 2 },
  ],
  custom: [
    { metric: 'basket_size', kind: 'trend', trend },
    { metric: 'orders_placed', kind: 'counter', value: 12_345, rate: 617.25 },
    { metric: 'queue_depth', kind: 'gauge', value: 12.34567 },
    { metric: 'customers', kind: 'set', value: 42 },
  ],
  accounting: {
    emitted: 31_178,
    received: 31_176,
    stored: 31_176,
    rejected: 0,
    kernelDrops: 2,
    points: {
      written: 1600,
      spooled: 20,
      dropped: 1,
      problem: 'http://influx:8086 answers 503: busy (the database is overloaded or not there yet)',
    },
  },
  lost: 2,
  startSkewMs: 2.4,
  nodeRows: [
    { node: 1, state: 'done', startSkewMs: 0, cpu: 0.0868, memoryBytes: 91_400_000, loopLagP99Ms: 2.8, commandExit: 0 },
    { node: 2, state: 'lost', lost: 'its sidecar ended early', startSkewMs: 2.4, cpu: 0.08, loopLagP99Ms: 13 },
  ],
};
