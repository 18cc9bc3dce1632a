import { isAbsolute, posix } from 'node:path';
import type { NodeOrder, NodePorts, RunPlan } from '@loads/core';
import type { Project } from '../../project/project.ts';
import { PLACES } from './node-containers.ts';

/** A plan with the files where nodes have them. */
export function planInContainer(plan: RunPlan, project: Project): RunPlan {
  const move = (path: string): string => (isAbsolute(path) ? posix.join(PLACES.scenario, project.place(path)) : path);
  const { scenario, plugins, extensions } = plan;
  return {
    ...plan,
    scenario: scenario.kind === 'script' ? { kind: 'script', file: move(scenario.file) } : scenario,
    ...(plugins && { plugins: plugins.map((plugin) => ({ ...plugin, file: move(plugin.file) })) }),
    ...(extensions && { extensions: extensions.map(move) }),
  };
}

/** What a node in containers is to do. `plan` is the one with the files in their places. */
export function nodeOrder(
  { run, node, plan }: NodeOrder,
  { ports, foreign }: { readonly ports: NodePorts; readonly foreign: boolean },
): NodeOrder {
  // The names of a network are known only on it; one node is enough to see that the target is there.
  return { run, node, plan, ports, ...(foreign && { foreign }), ...(node === 1 && { checkTarget: true }) };
}
