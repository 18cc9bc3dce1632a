import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeShare } from '../load/groups.ts';
import { planOf } from '../plan/plan.test.fixture.ts';
import { ladderOf } from './ladder.ts';

const sizing = { tolerance: 0.05 };

test('a level of workers is an ordinary plan, of which the nodes together make exactly that load', () => {
  const count = fc.integer({ min: 1, max: 50 });
  fc.assert(
    fc.property(count, count, count, fc.boolean(), (nodes, ceiling, step, ramp) => {
      const level = Math.min(step, ceiling);
      const profile = [
        { forMs: 100, from: 0, to: ceiling },
        { forMs: 900, from: ceiling, to: ceiling },
      ];
      const load = ramp ? [{ atMs: 0, durationMs: 1000, model: { kind: 'workers' as const, profile } }] : undefined;
      const ladder = ladderOf(planOf({ sizing, nodes, workers: ceiling, ...(load && { load }) }));
      const plan = ladder.planAt(level);
      expect(ladder.ceiling).toBe(ceiling);
      expect(plan).not.toHaveProperty('sizing');
      const shares = Array.from({ length: nodes }, (_, i) => nodeShare(plan, i + 1).workers);
      expect(shares.reduce((sum, one) => sum + one, 0)).toBe(level);
    }),
  );
});

test('with `each` a level counts the workers of every node', () => {
  const ladder = ladderOf(planOf({ sizing, nodes: 3, workers: 30, each: true }));
  expect([ladder.ceiling, ladder.nameOf(4)]).toEqual([10, '4 workers']);
  expect(nodeShare(ladder.planAt(4), 2).workers).toBe(4);
});

test('levels of a rate rise evenly to it, at least a thousand of them', () => {
  const rates = fc.double({ min: 0.01, max: 100_000, noNaN: true });
  fc.assert(
    fc.property(rates, fc.double({ min: 0, max: 1, noNaN: true }), (rate, part) => {
      const profile = [{ forMs: 10_000, from: rate, to: rate }];
      const model = { kind: 'arrivals' as const, profile, spacing: 'even' as const, workers: 1, maxWorkers: 100 };
      const ladder = ladderOf(planOf({ sizing, load: [{ atMs: 0, durationMs: 10_000, model }] }));
      expect(ladder.ceiling).toBeGreaterThanOrEqual(1000);
      expect(ladder.ceiling).toBeLessThanOrEqual(10_001);
      expect(ladder.loadAt(ladder.ceiling)).toBeCloseTo(rate, 6);
      const level = Math.max(1, Math.floor(part * (ladder.ceiling - 1)));
      expect(ladder.loadAt(level)).toBeLessThan(ladder.loadAt(level + 1));
      const own = ladder.planAt(level).load?.[0]?.model;
      expect(own?.kind === 'arrivals' && own.profile[0]?.to).toBeCloseTo(ladder.loadAt(level), 6);
    }),
  );
});
