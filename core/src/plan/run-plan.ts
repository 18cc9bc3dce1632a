import type { ScheduleEntry, WeightedBehavior } from '../schedule/schedule.ts';
import type { Threshold } from '../thresholds/threshold.ts';

export type Address = { readonly host: string; readonly port: number };

/** What produces the load: a scenario file that the runtime loads, or any program that speaks statsd. */
export type ScenarioSource =
  | { readonly kind: 'script'; readonly file: string }
  | { readonly kind: 'command'; readonly command: readonly string[] };

/** A chaos proxy of every node: where it forwards to, and the behaviors that are in force during the whole run. */
export type ProxyPlan = {
  readonly name: string;
  readonly backend: Address;
  readonly protocol: string;
  readonly behaviors: readonly WeightedBehavior[];
};

export type InfluxPlan = {
  readonly url: string;
  readonly bucket: string;
  readonly org: string;
  readonly token: string;
};

/** All that a run is, resolved and validated: every node gets the whole plan and runs its own segment. Times in ms. */
export type RunPlan = {
  readonly version: 1;
  readonly name: string;
  readonly scenario: ScenarioSource;
  readonly target?: string | undefined;
  readonly nodes: number;
  readonly workers: number;
  /** How long workers begin iterations; null: until the command ends by itself. */
  readonly durationMs: number | null;
  /** How long iterations in flight at the end may take before they are cut. */
  readonly gracefulStopMs: number;
  /** How long after a fault a sample counts as recovery. */
  readonly recoveryMs: number;
  readonly seed: number;
  readonly env: Readonly<Record<string, string>>;
  readonly proxies: readonly ProxyPlan[];
  readonly schedule: readonly ScheduleEntry[];
  readonly thresholds: readonly Threshold[];
  readonly influx?: InfluxPlan | undefined;
};

/** The longest that a run may take: what an open-ended command is given before it is stopped. */
export const LONGEST_RUN_MS = 86_400_000;

/** When every worker has ended for certain, in ms from the start. */
export function deadlineOf(plan: RunPlan): number {
  return (plan.durationMs ?? LONGEST_RUN_MS) + plan.gracefulStopMs;
}

/** The name of the environment variable that carries a proxy's address: `web-api` gives `LOADS_PROXY_WEB_API`. */
export function proxyVariable(name: string): string {
  return `LOADS_PROXY_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}
