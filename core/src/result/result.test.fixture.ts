import type { NodeResult } from './node-result.ts';

/** When the nodes of the tests start, epoch ms. */
export const START_MS = 1_750_000_000_000;

/** The final result of a node that ran for ten seconds and lost nothing, with the parts that a test is about. */
export function resultOf(change: Partial<NodeResult> = {}): NodeResult {
  return {
    run: 'r1',
    node: 1,
    final: true,
    scenario: 'done',
    startedAtMs: START_MS,
    endedAtMs: START_MS + 10_000,
    interrupted: 0,
    errors: [],
    accounting: { emitted: 10, received: 10, stored: 10, rejected: 0, kernelDrops: 0 },
    series: [],
    ...change,
  };
}
