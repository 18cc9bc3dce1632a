import { addressOfUrl } from './parse-plan.ts';
import { type CommandCycle, proxyVariable, type RunPlan } from './run-plan.ts';

/** What a node tells a foreign program. Addresses are `host:port`. */
export type ProgramBrief = {
  readonly run: string;
  readonly node: number;
  readonly plan: RunPlan;
  readonly statsd: string;
  readonly proxies: Readonly<Record<string, string>>;
  /** Number of the worker that the program is, from 0 over all nodes, where there is one for each. */
  readonly worker?: number | undefined;
  /** The cycle that it belongs to, where there are several. */
  readonly cycle?: CommandCycle | undefined;
};

/**
 * The environment of a foreign program: the plan's `env`, where statsd goes, where the proxies are, and which part of the
 * run it is. LOADS_TARGET leads through the proxy that stands before the target, and LOADS_DURATION is in seconds. Beside
 * them are the variables of the first Loads' external runners, whose users count from 1: without workers of its own every
 * node is one user.
 */
export function programEnvironment({
  run,
  node,
  plan,
  statsd,
  proxies,
  worker,
  cycle,
}: ProgramBrief): Readonly<Record<string, string>> {
  const colon = statsd.lastIndexOf(':');
  const workers = String(cycle?.workers ?? plan.workers);
  const environment: Record<string, string> = {
    ...plan.env,
    STATSD_HOST: statsd.slice(0, colon),
    STATSD_PORT: statsd.slice(colon + 1),
    LOADS_RUN: run,
    LOADS_NODE: String(node),
    LOADS_NODES: String(plan.nodes),
    LOADS_RUN_ID: run,
    LOADS_AGENT_ID: String(node),
    LOADS_TOTAL_USERS: workers,
    LOADS_CURRENT_USER: String((worker ?? node - 1) + 1),
  };
  if (worker !== undefined) {
    environment.LOADS_WORKER = String(worker);
    environment.LOADS_WORKERS = workers;
  }
  const perWorker = plan.scenario.kind === 'command' ? plan.scenario.perWorker : undefined;
  const { hits } = cycle ?? perWorker ?? {};
  if (hits !== undefined) environment.LOADS_TOTAL_HITS = String(hits);
  if (plan.durationMs !== null) environment.LOADS_DURATION = String(plan.durationMs / 1000);
  for (const [name, address] of Object.entries(proxies)) environment[proxyVariable(name)] = address;
  if (plan.target !== undefined) environment.LOADS_TARGET = throughProxy(plan.target, plan, proxies);
  return environment;
}

/** The target's URL, with the address of the proxy that stands before it. */
function throughProxy(target: string, plan: RunPlan, proxies: ProgramBrief['proxies']): string {
  const { host, port } = addressOfUrl(target);
  const url = new URL(target);
  const proxy = plan.proxies.find(({ backend }) => backend.port === port && backend.host === host);
  if (proxy) url.host = proxies[proxy.name] ?? url.host;
  return url.href;
}
