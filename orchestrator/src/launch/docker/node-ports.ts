import type { NodePorts, RunPlan } from '@loads/core';

/** Below what the kernel gives to outgoing connections, so that none can hold them. */
const LINK_PORT = 21_000;
/** Every statsd client's default. */
const STATSD_PORT = 8125;

/**
 * The ports of a node, known before it runs: sidecar and scenario can be started without waiting for one another. Every
 * node has a network namespace of its own, so that all have the same; on the host's network (`shared`) they must differ.
 */
export function nodePorts(plan: RunPlan, node: number, shared: boolean): NodePorts {
  const stride = plan.proxies.length + 2;
  const base = LINK_PORT + (shared ? (node - 1) * stride : 0);
  return {
    link: base,
    statsd: shared ? base + stride - 1 : STATSD_PORT,
    proxies: Object.fromEntries(plan.proxies.map(({ name }, i) => [name, base + 1 + i])),
  };
}
