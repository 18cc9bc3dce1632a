import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeStop } from '@loads/core';
import type { NodeGroup, NodeView } from './launcher.ts';

const FIRST_POLL_MS = 20;
/** For the teardowns, after what fixtures get to end by themselves: a little more than sidecars wait for them, ms. */
const TEARDOWN_MS = 35_000;
/** How long a sidecar may outlive its scenario process, ms. */
const SIDECAR_MS = 3000;

/** What nodes of a run that does not begin are told: whether it was the user's wish (`signal` aborted), or a failure. */
export function notBegun({ aborted }: AbortSignal): NodeStop {
  return { graceful: true, ...(!aborted && { because: 'failure' as const }) };
}

export type WindDown = {
  readonly stop: NodeStop;
  /** How long a fixture that goes on may take to end by itself. */
  readonly gracefulStopMs: number;
  /** Aborts when nothing is waited for any more. */
  readonly atOnce?: AbortSignal | undefined;
};

/**
 * Ends the nodes of a run that does not begin: they are told to stop, so that they undo what was set up, and are killed
 * when that takes too long. Gives those that had to be killed.
 */
export async function windDown(
  nodes: NodeGroup,
  { stop, gracefulStopMs, atOnce }: WindDown,
): Promise<readonly number[]> {
  let endMs = performance.now() + gracefulStopMs + TEARDOWN_MS;
  let [told, left]: [boolean, readonly NodeView[]] = [false, []];
  try {
    for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 1.5, nodes.pollMs)) {
      left = (await nodes.look()).filter(({ sidecar }) => sidecar);
      if (left.length === 0 || atOnce?.aborted || performance.now() > endMs) break;
      if (!told) await nodes.stop(stop);
      told = true;
      if (left.every(({ scenario }) => !scenario)) endMs = Math.min(endMs, performance.now() + SIDECAR_MS);
      await sleep(pollMs, undefined, { signal: atOnce }).catch(() => undefined);
    }
  } catch {
    // Who cannot be told or looked at, as with a full disk, is killed.
  }
  await nodes.kill();
  return left.map(({ node }) => node);
}
