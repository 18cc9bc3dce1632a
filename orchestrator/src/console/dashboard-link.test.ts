import { expect, test } from 'vitest';
import { dashboardLink } from './dashboard-link.ts';
import { fullSummary } from './full-summary.test.fixture.ts';
import { plan } from './plan.test.fixture.ts';

const made = { run: 'r-1', createdAt: '2026-11-21T12:00:00.000Z' };

test('a run leads to its dashboard: following the clock while it runs, then over its own time', () => {
  const linked = { ...made, plan: { ...plan, grafana: 'http://localhost:3000' } };
  const startMs = Date.parse(made.createdAt);
  expect(dashboardLink(linked)).toBe(`http://localhost:3000/d/loads-run?var-run=r-1&from=${startMs - 5000}&to=now`);
  const summary = { ...fullSummary, startedAtMs: startMs + 800, durationMs: 60_000 };
  expect(dashboardLink(linked, summary)).toBe(
    `http://localhost:3000/d/loads-run?var-run=r-1&from=${startMs - 4200}&to=${startMs + 65_800}`,
  );
});

test('without Grafana there is no link', () => {
  expect(dashboardLink({ ...made, plan })).toBeUndefined();
});
