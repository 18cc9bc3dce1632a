/** What says of a container, network or volume which run it belongs to, and what for. All commands go by these alone. */
export const LABEL = {
  run: 'loads.run',
  node: 'loads.node',
  /** `sidecar`, `scenario`, or `files`: the container that is never started and holds the run's volumes. */
  role: 'loads.role',
  /** The process that launched the run: `host/pid/start/boot`. */
  owner: 'loads.owner',
} as const;

export type Role = 'sidecar' | 'scenario' | 'files';

/** A filter of the engine for one run. */
export function ofRun(run: string): readonly string[] {
  return [`${LABEL.run}=${run}`];
}
