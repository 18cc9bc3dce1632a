/** The addresses of the dashboards under `/d/`. They never change: links to them are kept in other places. */
export const DASHBOARD_UIDS = {
  run: 'loads-run',
  requests: 'loads-requests',
  nodes: 'loads-nodes',
  compare: 'loads-compare',
} as const;

/** Kept free before and after the run, so that its edges can be seen, ms. */
const MARGIN_MS = 5000;

/**
 * The link to the Run dashboard of a run, which began at `fromMs` and ended, or is expected to end, at `toMs` (epoch).
 * Without an end the dashboard follows the clock. `baseUrl` is Grafana's, with its path if it has one.
 */
export function runLink(baseUrl: string, run: string, fromMs: number, toMs?: number | undefined): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/d/${DASHBOARD_UIDS.run}`;
  url.username = '';
  url.password = '';
  url.hash = '';
  url.search = new URLSearchParams({
    'var-run': run,
    from: String(Math.floor(fromMs) - MARGIN_MS),
    to: toMs === undefined ? 'now' : String(Math.ceil(toMs) + MARGIN_MS),
  }).toString();
  return url.href;
}
