/** A stretch of time in which a quantity (workers, or arrivals per second) goes evenly from one value to another. */
export type Stretch = { readonly forMs: number; readonly from: number; readonly to: number };

/** The course of a quantity over time, stretch after stretch; it may jump between two. */
export type Profile = readonly Stretch[];

/** A span of time, ms: from `fromMs` on, and no longer at `toMs`. */
export type Span = { readonly fromMs: number; readonly toMs: number };

/** How long a profile lasts, ms. */
export function profileMs(profile: Profile): number {
  return profile.reduce((sum, { forMs }) => sum + forMs, 0);
}

/** The highest value of a profile. */
export function peakOf(profile: Profile): number {
  return Math.max(0, ...profile.flatMap(({ from, to, forMs }) => (forMs > 0 ? [from, to] : [])));
}

/**
 * When the worker of a rank (from 0) is at work: while the profile is above its rank. So a ramp from 0 to 50 in 30 s
 * begins with one worker at once, and the others follow 600 ms apart.
 */
export function activeSpans(profile: Profile, rank: number): readonly Span[] {
  const spans: Span[] = [];
  let startMs = 0;
  for (const { forMs, from, to } of profile) {
    const span = above(from, to, forMs, rank);
    if (span) append(spans, { fromMs: startMs + span.fromMs, toMs: startMs + span.toMs });
    startMs += forMs;
  }
  // As many workers as there are keep theirs: without room to spare.
  return spans.slice();
}

/** The part of one stretch in which its value is above `rank`. */
function above(from: number, to: number, forMs: number, rank: number): Span | undefined {
  if (forMs === 0 || (from <= rank && to <= rank)) return undefined;
  if (from >= rank && to >= rank) return { fromMs: 0, toMs: forMs };
  const crossingMs = ((rank - from) / (to - from)) * forMs;
  return to > from ? { fromMs: crossingMs, toMs: forMs } : { fromMs: 0, toMs: crossingMs };
}

/** Spans that meet are one: a worker does not end between two stages. */
function append(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last?.toMs === span.fromMs) spans[spans.length - 1] = { fromMs: last.fromMs, toMs: span.toMs };
  else spans.push(span);
}
