import type { RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { plan } from '../console/plan.test.fixture.ts';
import { describeRun } from './describe-run.ts';

function loadOf(change: Partial<RunPlan>): Readonly<Record<string, string>> {
  const judging = { tolerateLostNodes: false };
  const record = { version: 1, run: 'r', launcher: 'process', createdAt: '', judging } as const;
  return describeRun({ ...record, plan: { ...plan, ...change } }).load;
}

const behaviors = [{ percent: 100, behavior: 'delay', options: { sleep: 300 } }];

test('a ramp of many steps is short, and another ramp reads differently', () => {
  const ramp = (middle: number): RunPlan['schedule'] =>
    Array.from({ length: 50 }, (_, step) => ({
      ...{ name: 'slower', proxy: 'web', atMs: 200 * step, forMs: 200, step },
      behaviors: [{ percent: 100, behavior: 'delay', options: { sleep: step === 25 ? middle : step } }],
    }));
  const [one, other] = [25, 99].map((middle) => loadOf({ schedule: ramp(middle) })['fault slower']);
  expect(one).toMatch(
    /^at 0ms for 200ms: delay \(sleep 0\) on web; \.\.\. 50 entries in all \([\da-f]{8}\); at 9\.8s for 200ms: delay \(sleep 49\) on web$/,
  );
  expect(other).not.toBe(one);
  expect(loadOf({ schedule: ramp(25) })['fault slower']).toBe(one);
});

test('whom a fault is for is part of it', () => {
  const entry = { name: 'down', proxy: 'web', atMs: 1000, forMs: 2000, behaviors };
  const texts = [entry, { ...entry, scope: 'connection' as const }, { ...entry, match: { operation: 'GET *' } }].map(
    (one) => loadOf({ schedule: [one] })['fault down'],
  );
  expect(texts).toEqual([
    'at 1s for 2s: delay (sleep 300) on web',
    'at 1s for 2s: delay (sleep 300) on web by connection',
    'at 1s for 2s: delay (sleep 300) on web where {"operation":"GET *"}',
  ]);
});

test('a command is named without its arguments, which may hold a secret', () => {
  const command = ['/usr/bin/python3', 'load.py', '--token', 'secret'];
  const judging = { tolerateLostNodes: false };
  const record = { version: 1, run: 'r', launcher: 'process', createdAt: '', judging } as const;
  const { made } = describeRun({ ...record, plan: { ...plan, scenario: { kind: 'command', command } } });
  expect(made.scenario).toBe('python3');
});
