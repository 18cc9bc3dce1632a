import { isIdentity, type ProcessIdentity } from './process-identity.ts';

/** The file in a node's folder that says which processes of this machine the node is. */
export const PROCESSES = 'processes.json';

/** The processes of a node: its sidecar, and its scenario once that was started. */
export type NodeProcesses = { readonly sidecar: ProcessIdentity; readonly scenario?: ProcessIdentity | undefined };

/** Reads what the launcher wrote; undefined for anything else. */
export function readProcesses(text: string): NodeProcesses | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof content !== 'object' || content === null || !('sidecar' in content)) return undefined;
  const { sidecar, scenario }: { sidecar: unknown; scenario?: unknown } = content;
  if (!isIdentity(sidecar) || (scenario !== undefined && !isIdentity(scenario))) return undefined;
  return { sidecar, scenario };
}
