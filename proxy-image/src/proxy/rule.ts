import type { WeightedBehavior } from '@loads/core';
import type { Selector } from './selector.ts';

/** What is in force on a proxy: behaviors with their shares, which sum up to 100 percent or less; the rest passes. */
export type Rule = {
  /** Name of the schedule entry, which tags the faults. It keys the draws: unique among the rules in force. */
  readonly name: string;
  readonly behaviors: readonly WeightedBehavior[];
  /** What one draw decides for: a request (the default; over tcp the connection), or all requests of a connection. */
  readonly scope?: 'request' | 'connection' | undefined;
  /** Which units the rule may hit at all. */
  readonly match?: Selector | undefined;
  /** Its place in a ramp. The next step of the ramp takes its place without a seam: what it holds is not set free. */
  readonly step?: number | undefined;
  /** Instead of drawing: the units that are hit, by `unitKey`, each with the index of its behavior. */
  readonly replay?: ReadonlyMap<string, number> | undefined;
};

/** The name of a unit among all of its proxy, for `replay`. */
export function unitKey(connection: number, request: number): string {
  return `${connection}-${request}`;
}

/**
 * Picks the behavior that a draw in [0, 1) falls on, as an index into `shares`: each takes its percent of the line from
 * 0 to 100, in order. Undefined when the draw falls into the remainder.
 */
export function pick(shares: readonly { readonly percent: number }[], draw: number): number | undefined {
  let upTo = 0;
  for (const [index, share] of shares.entries()) {
    upTo += share.percent;
    if (draw * 100 < upTo) return index;
  }
  return undefined;
}
