import { expect, test } from 'vitest';
import { healthCheckPlan } from './health-check.ts';
import { planOf } from './plan.test.fixture.ts';

test('a health check has the nodes and proxies of its run, and neither load nor faults', () => {
  const slow = { percent: 20, behavior: 'delay', options: {} };
  const proxy = { name: 'web', backend: { host: 'shop', port: 80 }, protocol: 'http', behaviors: [slow] };
  const remote = { name: 'db', control: 'http://chaos:8080', remoteName: 'db', entries: [{ at: 1 }] };
  const plan = planOf({
    nodes: 3,
    processes: 4,
    each: true,
    stopOnFailure: true,
    sizing: { tolerance: 0.05 },
    proxies: [proxy],
    remotes: [remote],
    schedule: [{ name: 'slow', proxy: 'web', atMs: 0, forMs: 10, behaviors: [slow] }],
  });
  expect(healthCheckPlan(plan)).toEqual({
    ...plan,
    name: 'shop-health-check',
    healthCheck: true,
    workers: 3,
    processes: 1,
    durationMs: null,
    load: [{ atMs: 0, durationMs: null, model: { kind: 'once', workers: 3 } }],
    proxies: [{ ...proxy, behaviors: [] }],
    remotes: [{ ...remote, entries: [] }],
    schedule: [],
    each: undefined,
    sizing: undefined,
    stopOnFailure: undefined,
  });
});
