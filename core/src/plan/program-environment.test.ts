import { expect, test } from 'vitest';
import { programEnvironment } from './program-environment.ts';
import type { RunPlan } from './run-plan.ts';

const plan = {
  scenario: { kind: 'command', command: ['x'] },
  nodes: 3,
  workers: 3,
  durationMs: 90_000,
  env: { KEY: 'v' },
  target: 'http://shop:8080/api',
  proxies: [{ name: 'web-api', backend: { host: 'shop', port: 8080 } }],
} as unknown as RunPlan;

test('a program is told where statsd and the proxies are, and its target leads through its proxy', () => {
  const brief = { run: 'r', node: 2, plan, statsd: '127.0.0.1:8125', proxies: { 'web-api': '127.0.0.1:21001' } };
  expect(programEnvironment(brief)).toMatchObject({
    KEY: 'v',
    STATSD_HOST: '127.0.0.1',
    STATSD_PORT: '8125',
    LOADS_RUN: 'r',
    LOADS_NODE: '2',
    LOADS_NODES: '3',
    LOADS_DURATION: '90',
    LOADS_PROXY_WEB_API: '127.0.0.1:21001',
    LOADS_TARGET: 'http://127.0.0.1:21001/api',
  });
});
