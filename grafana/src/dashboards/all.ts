import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { compareDashboard } from './compare.ts';
import { nodesDashboard } from './nodes.ts';
import { requestsDashboard } from './requests.ts';
import { runDashboard } from './run.ts';

/** All dashboards by the names of their files, without `.json`. */
export function allDashboards(): Readonly<Record<string, Dashboard>> {
  return {
    compare: compareDashboard(),
    nodes: nodesDashboard(),
    requests: requestsDashboard(),
    run: runDashboard(),
  };
}
