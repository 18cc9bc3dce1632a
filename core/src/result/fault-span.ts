/** An injected fault, by what joins it with the logs of an application. */
export type FaultMark = {
  /** Stands in the injected error too. */
  readonly id: string;
  /** Epoch ms. */
  readonly atMs: number;
};

/** The first and the last fault of one behavior of one entry of the schedule. */
export type FaultSpan = {
  /** The name of the entry. */
  readonly fault: string;
  readonly proxy: string;
  readonly behavior: string;
  readonly first: FaultMark;
  readonly last: FaultMark;
};

/** Spans of several nodes as one list: one span for each fault, proxy and behavior, from the earliest first to the latest last. */
export function mergeSpans(spans: readonly FaultSpan[]): readonly FaultSpan[] {
  const merged = new Map<string, FaultSpan>();
  for (const span of spans) {
    const key = spanKey(span);
    const known = merged.get(key);
    merged.set(key, known ? join(known, span) : span);
  }
  return [...merged.values()];
}

/** What one span is told from another by. */
export function spanKey({ fault, proxy, behavior }: Pick<FaultSpan, 'fault' | 'proxy' | 'behavior'>): string {
  return JSON.stringify([fault, proxy, behavior]);
}

function join(a: FaultSpan, b: FaultSpan): FaultSpan {
  return {
    ...a,
    first: b.first.atMs < a.first.atMs ? b.first : a.first,
    last: b.last.atMs > a.last.atMs ? b.last : a.last,
  };
}
