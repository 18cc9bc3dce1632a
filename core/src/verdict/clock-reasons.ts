import type { NodeResult } from '../result/node-result.ts';

/**
 * Why the clocks of nodes cannot be trusted: two of them are certainly further apart than `limitMs`, or one was set during the
 * run. Only what messages prove counts, so a slow network is no wrong clock.
 */
export function clockReasons(results: readonly NodeResult[], limitMs: number): readonly string[] {
  const set = results.flatMap(({ node, clock }) => {
    if (clock === undefined || Math.abs(clock.stepMs) <= limitMs) return [];
    return [`node ${node}: its clock was set by ${Math.round(clock.stepMs)} ms during the run (limit ${limitMs} ms)`];
  });
  const fastest = most(results, ({ clock }) => clock?.leastMs);
  const slowest = most(results, ({ clock }) => (clock?.mostMs === undefined ? undefined : -clock.mostMs));
  if (!fastest || !slowest) return set;
  const apartMs = Math.round(fastest.value + slowest.value);
  if (apartMs <= limitMs || fastest.node === slowest.node) return set;
  const who = `the clock of node ${fastest.node} is ${apartMs} ms or more ahead of that of node ${slowest.node}`;
  return [...set, `${who} (limit ${limitMs} ms)`];
}

function most(
  results: readonly NodeResult[],
  of: (result: NodeResult) => number | undefined,
): { readonly node: number; readonly value: number } | undefined {
  let found: { readonly node: number; readonly value: number } | undefined;
  for (const result of results) {
    const value = of(result);
    if (value !== undefined && (!found || value > found.value)) found = { node: result.node, value };
  }
  return found;
}
