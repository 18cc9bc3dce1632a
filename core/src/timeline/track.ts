import { type Latencies, mergeLatencies } from './latencies.ts';

/** Requests over time, a value for each step; step i is from `i * stepMs` to `(i + 1) * stepMs` after the start of the run. */
export type Track = {
  /** Of the requests; of all requests together it is `(all)`. */
  readonly name: string;
  /** One of `REQUEST_METRICS`; undefined of requests of several protocols, and where there are none. */
  readonly protocol?: string | undefined;
  readonly stepMs: number;
  /** Requests that ended in the step: calls, or connections. */
  readonly count: readonly number[];
  /** Those of them that failed. */
  readonly failed: readonly number[];
  /** Sent and received together. */
  readonly bytes: readonly number[];
  /** How long they took, ms. On a connection: how long was waited for each answer, of which there may be any number. */
  readonly latencies: readonly Latencies[];
};

/** Adds up two tracks of one name and protocol. When their steps differ, the finer one is made as coarse as the other. */
export function mergeTracks(a: Track, b: Track): Track {
  const stepMs = Math.max(a.stepMs, b.stepMs);
  const [one, other] = [coarsened(a, stepMs), coarsened(b, stepMs)];
  return {
    name: a.name,
    ...protocolOf(a),
    stepMs,
    count: zip(one.count, other.count, add),
    failed: zip(one.failed, other.failed, add),
    bytes: zip(one.bytes, other.bytes, add),
    latencies: zip(one.latencies, other.latencies, mergeLatencies),
  };
}

/** A track with steps of `stepMs`, a power of two times its own. */
export function coarsened(track: Track, stepMs: number): Track {
  if (track.stepMs >= stepMs) return track;
  const halved: Track = {
    name: track.name,
    ...protocolOf(track),
    stepMs: track.stepMs * 2,
    count: pairs(track.count, add),
    failed: pairs(track.failed, add),
    bytes: pairs(track.bytes, add),
    latencies: pairs(track.latencies, mergeLatencies),
  };
  return coarsened(halved, stepMs);
}

/** A track whose columns have `steps` values: nothing happened in those that it did not have. */
export function padded(track: Track, steps: number): Track {
  const lacking = steps - track.count.length;
  if (lacking <= 0) return track;
  const nothing = new Array<number>(lacking).fill(0);
  return {
    ...track,
    count: [...track.count, ...nothing],
    failed: [...track.failed, ...nothing],
    bytes: [...track.bytes, ...nothing],
    latencies: [...track.latencies, ...nothing.map(() => [])],
  };
}

/** Two columns as one, of the length of the longer; what only one of them has stays as it is. */
export function zip<T>(a: readonly T[], b: readonly T[], join: (a: T, b: T) => T): readonly T[] {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  return longer.map((value, i) => {
    const other = shorter[i];
    return other === undefined ? value : join(value, other);
  });
}

/** Each two neighbours of a column as one; a last one without a neighbour stays as it is. */
export function pairs<T>(column: readonly T[], join: (a: T, b: T) => T): readonly T[] {
  const joined: T[] = [];
  for (let i = 0; i < column.length; i += 2) {
    const [first, second] = [column[i], column[i + 1]];
    if (first === undefined) continue;
    joined.push(second === undefined ? first : join(first, second));
  }
  return joined;
}

export function add(a: number, b: number): number {
  return a + b;
}

function protocolOf({ protocol }: Track): Pick<Track, 'protocol'> {
  return protocol === undefined ? {} : { protocol };
}
