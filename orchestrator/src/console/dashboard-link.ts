import type { RunPlan, Summary } from '@loads/core';
import { runLink } from '@loads/grafana';

/** The run whose dashboard is meant; `createdAt` is ISO 8601. */
export type LinkedRun = { readonly run: string; readonly plan: RunPlan; readonly createdAt: string };

/** The link to the run in Grafana, if it is known where that is. Without a summary it follows the clock. */
export function dashboardLink({ run, plan, createdAt }: LinkedRun, summary?: Summary | undefined): string | undefined {
  if (plan.grafana === undefined) return undefined;
  const fromMs = summary?.startedAtMs ?? Date.parse(createdAt);
  return runLink(plan.grafana, run, fromMs, summary ? fromMs + summary.durationMs : undefined);
}
