import { select } from '../metrics/series.ts';
import { deadlineOf, type RunPlan } from '../plan/run-plan.ts';
import { lostSamples } from '../result/accounting.ts';
import type { NodeResult } from '../result/node-result.ts';

/** The limits beyond which a measurement is not trusted. */
export const VALIDITY_LIMITS = {
  /** Between the first and the last node to start, ms. */
  startSkewMs: 100,
  /** p99 of the event loop's lag in the scenario process, ms: later starts than that are the generator's own. */
  loopLagMs: 100,
} as const;

export type NodeState = {
  readonly node: number;
  readonly result?: NodeResult | undefined;
  readonly lost?: string | undefined;
};

/** What keeps a run from being judged, and what was let pass because the user asked for it. */
export type Validity = { readonly invalid: readonly string[]; readonly tolerated: readonly string[] };

/** Looks for the reasons why the numbers of a run cannot be trusted: lost nodes or samples, skew, lag, idle faults. */
export function validity(
  plan: RunPlan,
  nodes: readonly NodeState[],
  options: { readonly tolerateLostNodes: boolean; readonly stopped: boolean },
): Validity {
  const lost = nodes.flatMap(({ node, lost: reason }) =>
    reason === undefined ? [] : [`node ${node} was lost: ${reason}`],
  );
  const results = nodes.flatMap(({ result }) => (result ? [result] : []));
  const whole = nodes.flatMap(({ result, lost: reason }) => (result && reason === undefined ? [result] : []));
  const found = [...whole.flatMap(accountReasons), ...whole.flatMap(lagReasons), ...skewReasons(results)];
  if (!options.stopped) found.push(...idleFaults(plan, results));
  if (!options.tolerateLostNodes || results.length === 0) return { invalid: [...lost, ...found], tolerated: [] };
  return { invalid: found, tolerated: lost };
}

/** ms between the first and the last node to start; undefined when none did. */
export function startSkew(results: readonly NodeResult[]): number | undefined {
  const starts = results.flatMap(({ startedAtMs }) => (startedAtMs === undefined ? [] : [startedAtMs]));
  return starts.length === 0 ? undefined : Math.max(...starts) - Math.min(...starts);
}

function accountReasons({ node, accounting }: NodeResult): readonly string[] {
  const lost = lostSamples(accounting);
  if (lost === undefined) {
    const { stored, emitted } = accounting;
    return [`node ${node}: the accounts do not add up: ${stored} samples stored, but only ${emitted} emitted`];
  }
  return lost === 0 ? [] : [`node ${node}: ${lost} samples were lost`];
}

function lagReasons({ node, series }: NodeResult): readonly string[] {
  const lag = select(series, 'loop_lag');
  if (lag?.kind !== 'trend') return [];
  const p99 = lag.histogram.quantile(0.99) ?? 0;
  if (p99 <= VALIDITY_LIMITS.loopLagMs) return [];
  const limit = VALIDITY_LIMITS.loopLagMs;
  return [
    `node ${node}: the generator was saturated: p99 of its loop lag is ${Math.round(p99)} ms (limit ${limit} ms)`,
  ];
}

function skewReasons(results: readonly NodeResult[]): readonly string[] {
  const skew = startSkew(results) ?? 0;
  const limit = VALIDITY_LIMITS.startSkewMs;
  return skew <= limit ? [] : [`the nodes started ${Math.round(skew)} ms apart (limit ${limit} ms)`];
}

/** Entries of the schedule that touched no connection: what they were to show has not been tried. */
function idleFaults(plan: RunPlan, results: readonly NodeResult[]): readonly string[] {
  return plan.schedule
    .filter((entry) => entry.atMs < deadlineOf(plan))
    .filter((entry) => entry.behaviors.some(({ behavior }) => behavior !== 'dummy'))
    .filter(({ name }) => !results.some(({ series }) => select(series, 'faults', { fault: name })))
    .map(({ name, proxy }) => `fault ${name} touched nothing on proxy ${proxy}`);
}
