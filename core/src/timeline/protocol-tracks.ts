import { compareProtocols, requestMetricsOf } from '../metrics/request-metrics.ts';
import { type Latencies, mergeLatencies } from './latencies.ts';
import { add, coarsened, mergeTracks, padded, type Track, zip } from './track.ts';

/** Requests over time: of all protocols together, and apart. */
export type Totals = {
  /** All requests together. Its latencies are of calls; those of waiting on connections only where there are no calls. */
  readonly total: Track;
  /** The same for each protocol, in steps as long; empty where there is one at most, which is that of `total`. */
  readonly protocols: readonly Track[];
};

/** All requests of each protocol over time; none where there were no requests. */
export function protocolTracks({ total, protocols }: Totals): readonly Track[] {
  if (protocols.length > 0) return protocols;
  return total.protocol === undefined ? [] : [total];
}

/** Whether the latencies of tracks are those of waiting on connections, any number for each, and not one for each request. */
export function areWaits(tracks: readonly Pick<Track, 'protocol'>[]): boolean {
  return tracks.length > 0 && tracks.every(({ protocol }) => requestMetricsOf(protocol)?.timedEach === false);
}

/** The totals of protocols, each with its track; `idle` says how long and fine they are, with nothing in it. */
export function totalsOf(tracks: readonly Track[], idle: Track): Totals {
  const protocols = tracks
    .map((track) => padded(track, idle.count.length))
    .sort((a, b) => compareProtocols(a.protocol, b.protocol));
  const [first, ...others] = protocols;
  if (!first) return { total: idle, protocols };
  if (others.length === 0) return { total: first, protocols: [] };
  const sum = (of: (track: Track) => readonly number[]): readonly number[] =>
    protocols.map(of).reduce((all, column) => zip(all, column, add));
  const timed = protocols.filter((track) => !areWaits([track]));
  const latencies = (timed.length > 0 ? timed : protocols)
    .map((track) => track.latencies)
    .reduce((all, column) => zip<Latencies>(all, column, mergeLatencies));
  const { name, stepMs } = first;
  const total = { name, stepMs, count: sum(({ count }) => count), failed: sum(({ failed }) => failed) };
  return { total: { ...total, bytes: sum(({ bytes }) => bytes), latencies }, protocols };
}

/** The totals of two nodes as one. What waits are worth in it is known only now: the other may have calls. */
export function mergeTotals(a: Totals, b: Totals): Totals {
  const stepMs = Math.max(a.total.stepMs, b.total.stepMs);
  const tracks = new Map<string | undefined, Track>();
  for (const track of [...protocolTracks(a), ...protocolTracks(b)]) {
    const known = tracks.get(track.protocol);
    tracks.set(track.protocol, known ? mergeTracks(known, track) : coarsened(track, stepMs));
  }
  const steps = Math.max(
    ...[a.total, b.total].map(({ count, ...one }) => Math.ceil((count.length * one.stepMs) / stepMs)),
  );
  const nothing = { count: [], failed: [], bytes: [], latencies: [] };
  return totalsOf([...tracks.values()], padded({ name: a.total.name, stepMs, ...nothing }, steps));
}
