import type { LoadGroup } from '../load/load-group.ts';
import type { FaultSetting, ScheduleEntry } from '../schedule/schedule.ts';
import type { SizingPlan } from '../sizing/sizing-config.ts';
import type { Threshold } from '../thresholds/threshold.ts';
import type { MonitorPlan } from './monitor-plan.ts';
import type { ProxySettings } from './proxy-settings.ts';
import type { RemoteProxyPlan } from './remote-proxy.ts';

export type Address = { readonly host: string; readonly port: number };

/** What produces the load: a scenario file that the runtime loads, or any program that speaks statsd. */
export type ScenarioSource =
  | { readonly kind: 'script'; readonly file: string }
  | {
      readonly kind: 'command';
      readonly command: readonly string[];
      /** Run it once for each worker instead of once on each node. */
      readonly perWorker?: PerWorker | undefined;
      /** How long each run of it may take, ms; after that it is ended, and has failed. */
      readonly timeoutMs?: number | undefined;
      /** How long it may go on after the plan's `durationMs` to end by itself, ms; after that it is ended, and has failed. */
      readonly overtimeMs?: number | undefined;
    };

/** How the programs of workers begin, and what they are asked for. */
export type PerWorker = {
  /** They begin one after the other, over this time, ms. */
  readonly rampUpMs: number;
  /** How many hits each is asked to make; undefined: as many as it can in the plan's duration. */
  readonly hits?: number | undefined;
  /** Where there are several: what is run one after the other, instead of all workers at once. */
  readonly cycles?: readonly CommandCycle[] | undefined;
};

/** So many workers run the program once each, and each is asked for so many hits. */
export type CommandCycle = { readonly workers: number; readonly hits?: number | undefined };

/** A chaos proxy of every node: where it forwards to, and the behaviors that are in force during the whole run. */
export type ProxyPlan = FaultSetting & {
  readonly name: string;
  readonly backend: Address;
  readonly protocol: string;
  /** Its bounds, TLS and the options of its protocol, where any is given. */
  readonly settings?: ProxySettings | undefined;
};

/** A module with behaviors or protocols of the user's own, which the sidecar of every node loads. */
export type PluginPlan = {
  /** As the user wrote it: `./slam.ts`, or the name of a package. */
  readonly source: string;
  /** The module's file on the user's machine. */
  readonly file: string;
  /** The module as one text that needs no other file: nodes may run elsewhere. Without it the file is loaded. */
  readonly code?: string | undefined;
};

export type InfluxPlan = {
  /** Where the nodes find it. */
  readonly url: string;
  /** Where the orchestrator finds it, when that is elsewhere: nodes in containers have names of their own for it. */
  readonly hereUrl?: string | undefined;
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
  /** How long workers begin iterations; null: until the command ends by itself, or all iterations are done. */
  readonly durationMs: number | null;
  /** Scenario processes of every node; 1 where it says nothing. */
  readonly processes?: number | undefined;
  /** Every node makes all of `load` instead of its share; `workers` are those of all nodes. */
  readonly each?: boolean | undefined;
  /** How the load is made, where it is more than `workers` for `durationMs`. */
  readonly load?: readonly LoadGroup[] | undefined;
  /** The only scenario that is run. */
  readonly singleMode?: string | undefined;
  /** Weights of scenarios by name, in the place of those that the file gives. */
  readonly weights?: Readonly<Record<string, number>> | undefined;
  /** The first failed iteration ends the run. */
  readonly stopOnFailure?: boolean | undefined;
  /** It is not one run: the highest load that holds is searched for. `workers`, or the rate in `load`, is the highest tried. */
  readonly sizing?: SizingPlan | undefined;
  /** No load is made: each node sees whether it reaches all that the run needs. */
  readonly healthCheck?: boolean | undefined;
  /** So many failed iterations fail the run. */
  readonly failAt?: number | undefined;
  /** Modules that are loaded before the scenario file: absolute paths, or packages as the scenario file would import them. */
  readonly extensions?: readonly string[] | undefined;
  /** How long iterations in flight at the end may take before they are cut. */
  readonly gracefulStopMs: number;
  /** How long after a fault a sample counts as recovery. */
  readonly recoveryMs: number;
  /** How late the load generator may be before the run is invalid; where it says nothing, as `VALIDITY_LIMITS` has it. */
  readonly maxLagMs?: number | undefined;
  /** Processes keep their core busy while they wait for the next arrival. */
  readonly busyWait?: boolean | undefined;
  readonly seed: number;
  readonly env: Readonly<Record<string, string>>;
  readonly proxies: readonly ProxyPlan[];
  /** Proxies that stand elsewhere, such as between the application and its backends; node 1 drives them. */
  readonly remotes?: readonly RemoteProxyPlan[] | undefined;
  /** Hosts that node 1 watches. */
  readonly monitors?: readonly MonitorPlan[] | undefined;
  readonly plugins?: readonly PluginPlan[] | undefined;
  readonly schedule: readonly ScheduleEntry[];
  readonly thresholds: readonly Threshold[];
  readonly influx?: InfluxPlan | undefined;
  /** Where Grafana is, for the links to its dashboards. */
  readonly grafana?: string | undefined;
  /** Scenario processes write their requests to their output: heads, or bodies, too. */
  readonly dump?: 'heads' | 'bodies' | undefined;
};

/** The longest that a run may take: what an open-ended command is given before it is stopped. */
export const LONGEST_RUN_MS = 86_400_000;

/** When every worker has ended for certain, in ms from the start. */
export function deadlineOf({ durationMs, gracefulStopMs, scenario }: RunPlan): number {
  const overtimeMs = (scenario.kind === 'command' && scenario.overtimeMs) || 0;
  return (durationMs ?? LONGEST_RUN_MS) + overtimeMs + gracefulStopMs;
}

/** The name of the environment variable that carries a proxy's address: `web-api` gives `LOADS_PROXY_WEB_API`. */
export function proxyVariable(name: string): string {
  return `LOADS_PROXY_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}
