import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './until.ts';
import type { Workspace } from './workspace.ts';

/** The pids of a node's two processes. */
export type NodePids = { readonly sidecar: number; readonly scenario: number };

type Processes = { readonly sidecar: { readonly pid: number }; readonly scenario?: { readonly pid: number } };

/** The pids of a node of the newest run, once both its processes have been started. */
export async function nodeProcesses(workspace: Workspace, node: number): Promise<NodePids> {
  let found: NodePids | undefined;
  await until(async () => {
    found = await read(workspace, node);
    return found !== undefined;
  }, `node ${node} has not been launched`);
  return found as NodePids;
}

async function read(workspace: Workspace, node: number): Promise<NodePids | undefined> {
  const [run] = (await workspace.runs()).slice(-1);
  const file = join(run ?? '', 'nodes', String(node), 'processes.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { sidecar, scenario } = JSON.parse(text) as Processes;
  return scenario && { sidecar: sidecar.pid, scenario: scenario.pid };
}
