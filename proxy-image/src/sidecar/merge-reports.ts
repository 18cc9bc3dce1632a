import type { ScenarioReport } from '@loads/core';

/** The reports of a node's processes as one. */
export function mergeReports(reports: readonly ScenarioReport[]): ScenarioReport {
  const [only] = reports;
  if (only && reports.length === 1) return only;
  const counted = reports.every(({ emitted }) => emitted !== null);
  return {
    emitted: counted ? reports.reduce((sum, { emitted }) => sum + (emitted ?? 0), 0) : null,
    interrupted: reports.reduce((sum, { interrupted }) => sum + interrupted, 0),
    errors: reports.flatMap(({ errors }) => errors),
    setupFailed: reports.find(({ setupFailed }) => setupFailed !== undefined)?.setupFailed,
    rowsUsedUp: reports.some(({ rowsUsedUp }) => rowsUsedUp) || undefined,
    commandExit: reports.find(({ commandExit }) => commandExit !== undefined)?.commandExit,
  };
}
