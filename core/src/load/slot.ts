/** One of the equal parts that a run is split into: a scenario process of a node. `index` counts from 0. */
export type Slot = { readonly index: number; readonly count: number };

/** Which part of the run a process is: every node takes every `nodes`-th number, and its processes share those. */
export function slotOf(
  { nodes, processes }: { readonly nodes: number; readonly processes: number },
  node: number,
  process: number,
): Slot {
  return { index: (process - 1) * nodes + (node - 1), count: nodes * processes };
}

/** How many of `total` numbered things (from 0) are a slot's: those that leave its index when divided by the count. */
export function shareOf(total: number, { index, count }: Slot): number {
  return Math.max(0, Math.ceil((total - index) / count));
}

/** The number of the `taken`-th thing (from 0) of a slot. */
export function numberOf(taken: number, { index, count }: Slot): number {
  return index + taken * count;
}
