import { compareProtocols } from '../metrics/request-metrics.ts';
import { type FaultWindow, mergeWindows } from './fault-window.ts';
import { type LoadTrack, mergeLoadTracks } from './load-track.ts';
import { mergeTotals, type Totals } from './protocol-tracks.ts';
import { coarsened, mergeTracks, type Track } from './track.ts';

/**
 * A run over time, on one node or merged over several: plain data, in the form in which it is stored. Steps are 1 s long;
 * when there are more than `MOST_STEPS` (`MOST_NAME_STEPS` by name), every two become one, as often as it takes.
 */
export type Timeline = Totals & {
  /** The same for each name of requests of a protocol, in the order of both, in steps that may be longer. */
  readonly requests: readonly Track[];
  readonly load: LoadTrack;
  /** The fault windows as they really happened. */
  readonly windows: readonly FaultWindow[];
};

/** The finest step, ms. */
export const STEP_MS = 1000;
/** The most steps of what is kept over all requests: an hour in seconds. */
export const MOST_STEPS = 3600;
/** The most steps of what is kept for each name: ten minutes in seconds, an hour in steps of 8 s. */
export const MOST_NAME_STEPS = 600;
/** The most names, over all protocols; requests of further ones are in `(other)` of their protocol. */
export const MOST_NAMES = 50;

/** The name of the track over all requests, and of that for names beyond the limit. */
export const ALL_REQUESTS = '(all)';
export const OTHER_REQUESTS = '(other)';

/** The timeline of a run in which nothing happened. */
export function emptyTimeline(): Timeline {
  const load = { workerSeconds: [], iterations: [], dropped: [], cpu: [], loopLagMs: [], scheduleLagMs: [] };
  return {
    total: emptyTrack(ALL_REQUESTS),
    protocols: [],
    requests: [],
    load: { stepMs: STEP_MS, ...load },
    windows: [],
  };
}

export function emptyTrack(name: string): Track {
  return { name, stepMs: STEP_MS, count: [], failed: [], bytes: [], latencies: [] };
}

/** What a track by name is known by. */
export function trackKey({ protocol, name }: Pick<Track, 'protocol' | 'name'>): string {
  return `${protocol}\u0000${name}`;
}

/** The order of tracks by name. */
export function compareTracks(a: Track, b: Track): number {
  return compareProtocols(a.protocol, b.protocol) || (a.name < b.name ? -1 : 1);
}

/** The timelines of several nodes as one. Exact, and the same in any order: counts and histograms are added. */
export function mergeTimelines(timelines: readonly Timeline[]): Timeline {
  const [first, ...others] = timelines;
  return others.reduce(mergeTwo, first ?? emptyTimeline());
}

function mergeTwo(a: Timeline, b: Timeline): Timeline {
  const requests = new Map(a.requests.map((track) => [trackKey(track), track]));
  for (const track of b.requests) {
    const known = requests.get(trackKey(track));
    requests.set(trackKey(track), known ? mergeTracks(known, track) : track);
  }
  const stepMs = Math.max(STEP_MS, ...[...requests.values()].map((track) => track.stepMs));
  return {
    ...mergeTotals(a, b),
    requests: [...requests.values()].map((track) => coarsened(track, stepMs)).sort(compareTracks),
    load: mergeLoadTracks(a.load, b.load),
    windows: mergeWindows([a.windows, b.windows]),
  };
}
