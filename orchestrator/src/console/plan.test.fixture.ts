import type { RunPlan } from '@loads/core';

/** A plan of 20 s with two faults on one proxy. */
export const plan: RunPlan = {
  version: 1,
  name: 'shop',
  scenario: { kind: 'script', file: '/tests/shop.ts' },
  target: 'http://127.0.0.1:8080',
  nodes: 2,
  workers: 20,
  durationMs: 20_000,
  gracefulStopMs: 30_000,
  recoveryMs: 3000,
  seed: 7,
  env: {},
  proxies: [{ name: 'web', backend: { host: '127.0.0.1', port: 8080 }, protocol: 'http', behaviors: [] }],
  schedule: [
    { name: 'web-errors', proxy: 'web', atMs: 12_000, forMs: 3000, behaviors: [behavior(10, 'error')] },
    { name: 'slow', proxy: 'web', atMs: 5000, forMs: 5000, behaviors: [behavior(20, 'delay'), behavior(100, 'hang')] },
  ],
  thresholds: [],
};

function behavior(percent: number, name: string): RunPlan['schedule'][number]['behaviors'][number] {
  return { percent, behavior: name, options: {} };
}
