import { type Series, select } from '../metrics/series.ts';
import { deadlineOf, type RunPlan } from '../plan/run-plan.ts';
import { lostSamples } from '../result/accounting.ts';
import type { NodeResult } from '../result/node-result.ts';
import { clockReasons } from './clock-reasons.ts';
import { windowReasons } from './window-reasons.ts';

/** The limits beyond which a measurement is not trusted. A plan's `maxLagMs` stands for the first three, and a quarter of it for the last of CPU. */
export const VALIDITY_LIMITS = {
  /** Between the first and the last node to start, and between the planned start and each of them, ms. */
  startSkewMs: 100,
  /** p99 of the event loop's lag in the scenario process, ms: later starts than that are the generator's own. */
  loopLagMs: 100,
  /** p99 of how late planned iterations began, ms: the load was not the planned one. */
  scheduleLagMs: 100,
  /** CPU of the scenario process, 1 = one core, in the middle one of its seconds ... */
  cpu: 0.95,
  /** ... together with so much p95 of its loop lag, ms: its latencies are its own queue's. */
  cpuLoopLagMs: 25,
  /** How late a fault may begin or end, ms: samples are stamped as planned. */
  faultLateMs: 1000,
  /** How far the clocks of two nodes may be apart, or one may be set during the run, ms. */
  clockMs: 100,
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
  const limits = limitsOf(plan);
  const blocked = results.flatMap(({ node, errors }) =>
    errors.filter(({ failure }) => failure === 'blocked').map(({ message }) => `node ${node}: ${message}`),
  );
  const problems = [...results.flatMap((result) => result.problems ?? []), ...driverReasons(plan, nodes)];
  const found = [
    ...blocked,
    ...problems,
    ...whole.flatMap(accountReasons),
    ...(isFunctionalTest(plan) ? [] : whole.flatMap((result) => lagReasons(result, limits))),
    ...skewReasons(results, limits.startSkewMs),
    ...lateReasons(results, limits.startSkewMs),
    ...clockReasons(whole, VALIDITY_LIMITS.clockMs),
    ...whole.flatMap((result) => windowReasons(plan, result, VALIDITY_LIMITS.faultLateMs)),
  ];
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

/** `--single-run` asks whether it works, not how fast: a slow machine is no reason to hide the answer. */
function isFunctionalTest({ load = [] }: RunPlan): boolean {
  return load.length > 0 && load.every(({ model }) => model.kind === 'once');
}

type Limits = { [Name in keyof typeof VALIDITY_LIMITS]: number };

/** The limits, with those of how late the generator is as the plan has them. */
function limitsOf({ maxLagMs, busyWait }: RunPlan): Limits {
  // A core that is kept busy on purpose says nothing.
  const usual: Limits = busyWait ? { ...VALIDITY_LIMITS, cpu: Number.POSITIVE_INFINITY } : VALIDITY_LIMITS;
  if (maxLagMs === undefined) return usual;
  const cpuLoopLagMs = (maxLagMs * usual.cpuLoopLagMs) / usual.loopLagMs;
  return { ...usual, startSkewMs: maxLagMs, loopLagMs: maxLagMs, scheduleLagMs: maxLagMs, cpuLoopLagMs };
}

function lagReasons(result: NodeResult, limits: Limits): readonly string[] {
  const { node, series } = result;
  const found = [
    ['loop_lag', limits.loopLagMs, 'its loop lag'],
    ['schedule_lag', limits.scheduleLagMs, 'how late iterations began'],
  ] as const;
  const about = `node ${node}: the generator was saturated:`;
  const late = found.flatMap(([metric, limit, what]) => {
    const p99 = quantileOf(series, metric, 0.99);
    return p99 <= limit ? [] : [`${about} p99 of ${what} is ${Math.round(p99)} ms (limit ${limit} ms)`];
  });
  const [cpu, lag] = [cpuOf(result) ?? 0, quantileOf(series, 'loop_lag', 0.95)];
  const { cpu: most, cpuLoopLagMs } = limits;
  // One reason is enough, and a busy core alone is none: a closed load takes what it gets.
  if (late.length > 0 || cpu < most || lag <= cpuLoopLagMs) return late;
  const both = `limits ${most * 100} % and ${Math.round(cpuLoopLagMs)} ms`;
  return [
    `${about} it took ${Math.round(cpu * 100)} % of a core, and p95 of its loop lag is ${Math.round(lag)} ms (${both})`,
  ];
}

function quantileOf(series: readonly Series[], metric: string, q: number): number {
  const trend = select(series, metric);
  return trend?.kind === 'trend' ? (trend.histogram.quantile(q) ?? 0) : 0;
}

/** How long the longest node worked, ms. */
function longest(results: readonly NodeResult[]): number {
  return Math.max(0, ...results.map(({ startedAtMs, endedAtMs }) => endedAtMs - (startedAtMs ?? endedAtMs)));
}

function skewReasons(results: readonly NodeResult[], limit: number): readonly string[] {
  const skew = startSkew(results) ?? 0;
  return skew <= limit ? [] : [`the nodes started ${Math.round(skew)} ms apart (limit ${limit} ms)`];
}

/** Node 1 drives the proxies that stand elsewhere: what they did after it was lost nobody knows, and no other node can say. */
function driverReasons({ remotes = [] }: RunPlan, nodes: readonly NodeState[]): readonly string[] {
  const lost = nodes.some(({ node, lost: reason }) => node === 1 && reason !== undefined);
  return lost ? remotes.map(({ name }) => `proxy ${name}: node 1, which drove it, was lost`) : [];
}

/** Who begins late misses the begin of the plan: neither its load nor its faults were as planned. */
function lateReasons(results: readonly NodeResult[], limit: number): readonly string[] {
  return results.flatMap(({ node, startLateMs = 0 }) =>
    startLateMs <= limit ? [] : [`node ${node} started ${Math.round(startLateMs)} ms late (limit ${limit} ms)`],
  );
}

/** Entries of the schedule that touched no connection: what they were to show has not been tried. */
function idleFaults(plan: RunPlan, results: readonly NodeResult[]): readonly string[] {
  // A run that ends by itself, early perhaps, has not tried what was to come later.
  const endsEarly = plan.stopOnFailure || (plan.durationMs === null && plan.scenario.kind === 'script');
  const reachedMs = endsEarly ? longest(results) : deadlineOf(plan);
  const tried = plan.schedule
    .filter((entry) => entry.atMs < reachedMs && !entry.optional)
    .filter((entry) => entry.behaviors.some(({ behavior }) => behavior !== 'dummy'))
    .filter(({ name }) => !results.some(({ series }) => select(series, 'faults', { fault: name })))
    .map(({ name, proxy }) => `fault ${name} touched nothing on proxy ${proxy}`);
  return [...new Set(tried)];
}

/** What a reader should know of the generator although the run is judged. */
export function warnings(plan: RunPlan, nodes: readonly NodeState[]): readonly string[] {
  const { cpu: most } = limitsOf(plan);
  return nodes.flatMap(({ node, result }) => {
    const usedUp = result?.rowsUsedUp ? [`node ${node}: a feeder had no row left, which ended its load`] : [];
    const cpu = result && cpuOf(result);
    if (cpu === undefined || cpu < most) return usedUp;
    return [
      ...usedUp,
      `node ${node}: its scenario process took ${Math.round(cpu * 100)} % of a core: latencies may be its own`,
    ];
  });
}

/** CPU of the scenario process in the middle one of its seconds; undefined where nobody knows. */
function cpuOf({ timeline }: NodeResult): number | undefined {
  const known = (timeline?.load.cpu ?? []).flatMap((one) => (one === null ? [] : [one])).sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}
