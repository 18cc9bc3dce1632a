import type { Summary } from '@loads/core';

/**
 * A summary as JSON, as `summary.schema.json` describes it. A figure without a finite value, such as a rate per second
 * in a run that never began, is left out: JSON would have null for it, which means another thing.
 */
export function summaryJson(summary: Summary, indent?: number): string {
  const finite = (_: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isFinite(value) ? undefined : value;
  return JSON.stringify(summary, finite, indent);
}
