/** An entry of the schedule in force, as it really happened. Times are ms from the start of the run. */
export type FaultWindow = {
  /** The name of the entry. */
  readonly fault: string;
  readonly proxy: string;
  /** When it was to begin: with `fault` and `proxy` it says which window of a repeated entry this is. */
  readonly plannedMs: number;
  /** When the proxy began it; on several nodes, the first. */
  readonly fromMs: number;
  /** When the proxy had ended it; on several nodes, the last. Null: nobody saw its end. */
  readonly toMs: number | null;
};

/** The windows of several nodes as one list, in the order of their plan. */
export function mergeWindows(lists: readonly (readonly FaultWindow[])[]): readonly FaultWindow[] {
  const merged = new Map<string, FaultWindow>();
  for (const window of lists.flat()) {
    const key = JSON.stringify([window.fault, window.proxy, window.plannedMs]);
    const known = merged.get(key);
    merged.set(key, known ? join(known, window) : window);
  }
  return [...merged]
    .sort(([a, one], [b, other]) => one.plannedMs - other.plannedMs || (a < b ? -1 : 1))
    .map(([, one]) => one);
}

function join(a: FaultWindow, b: FaultWindow): FaultWindow {
  const toMs = a.toMs === null || b.toMs === null ? null : Math.max(a.toMs, b.toMs);
  return { ...a, fromMs: Math.min(a.fromMs, b.fromMs), toMs };
}
