import { expect, test } from 'vitest';
import { planOf } from '../plan/plan.test.fixture.ts';
import { idleRun } from './idle-run.ts';

const NONE = { ended: 0, interrupted: 0, dropped: 0 };

test('a scenario without any iteration is a reason not to judge the run', () => {
  expect(idleRun(planOf(), NONE)).toEqual(['no iteration began: nothing was measured']);
});

test.each(['ended', 'interrupted', 'dropped'] as const)('one that %s is enough', (kind) => {
  expect(idleRun(planOf(), { ...NONE, [kind]: 1 })).toEqual([]);
});

test('a program need not count', () => {
  expect(idleRun(planOf({ scenario: { kind: 'command', command: ['true'] } }), NONE)).toEqual([]);
});
