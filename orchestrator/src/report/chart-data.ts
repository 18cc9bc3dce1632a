import {
  areWaits,
  coarsened,
  type Latencies,
  latencyCount,
  latencyQuantile,
  phaseSpans,
  protocolTracks,
  type Timeline,
  type Track,
} from '@loads/core';
import { heatData } from './heat-data.ts';
import type { BandData, LoadData, ReportData, TrackData } from './report-data.ts';
import type { RunReport } from './run-report.ts';

/** The most steps of all tracks by name together: it keeps a report of many names and hours small. */
const MOST_NAME_STEPS = 6000;

/** What is drawn of a run; without a timeline there is nothing to draw. */
export function reportData({ record, summary, timeline }: RunReport): ReportData | undefined {
  if (!timeline || timeline.total.count.length === 0) return undefined;
  const { plan } = record;
  return {
    endS: rounded(summary.durationMs / 1000),
    tracks: [
      trackData(timeline.total, areWaits(protocolTracks(timeline))),
      ...[...timeline.protocols, ...shortened(timeline.requests)].map((track) => trackData(track, areWaits([track]))),
    ],
    load: loadData(timeline.load),
    heat: heatData(timeline.total),
    bands: bandsOf(timeline, plan, summary.durationMs),
  };
}

/** Faults as they really happened, and the phases of recovery after them. */
export function bandsOf(
  { windows }: Pick<Timeline, 'windows'>,
  { schedule, recoveryMs }: RunReport['record']['plan'],
  durationMs: number,
): readonly BandData[] {
  const faults = windows.map(({ fault, plannedMs, fromMs, toMs }): BandData => {
    const planned = schedule.find(({ name, atMs }) => name === fault && atMs === plannedMs);
    // Whose end nobody saw ended as planned, for all that is known.
    const endMs = toMs ?? (planned ? plannedMs + planned.forMs : durationMs);
    return { kind: 'fault', name: fault, fromS: rounded(fromMs / 1000), toS: rounded(endMs / 1000) };
  });
  const recoveries = phaseSpans(schedule, recoveryMs, durationMs)
    .filter(({ phase }) => phase === 'recovery')
    .map(({ fromMs, toMs }): BandData => {
      return { kind: 'recovery', name: 'recovery', fromS: rounded(fromMs / 1000), toS: rounded(toMs / 1000) };
    });
  return [...recoveries, ...faults];
}

/** The tracks in steps so long that all of them together have no more than the most. */
function shortened(tracks: readonly Track[]): readonly Track[] {
  const steps = tracks.reduce((sum, { count }) => sum + count.length, 0);
  if (steps <= MOST_NAME_STEPS) return tracks;
  return shortened(tracks.map((track) => coarsened(track, track.stepMs * 2)));
}

/** `waits`: its latencies are those of waiting on connections. */
function trackData({ name, protocol, stepMs, count, failed, latencies }: Track, waits: boolean): TrackData {
  const stepS = stepMs / 1000;
  const at = (quantile: number): readonly (number | null)[] => latencies.map((one) => latencyAt(one, quantile));
  return {
    name,
    protocol,
    stepS,
    ok: count.map((all, i) => rounded(Math.max(0, all - (failed[i] ?? 0)) / stepS)),
    ko: failed.map((one) => rounded(one / stepS)),
    ...(waits && { answers: latencies.map((one) => rounded(latencyCount(one) / stepS)) }),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  };
}

function latencyAt(latencies: Latencies, quantile: number): number | null {
  const ms = latencyQuantile(latencies, quantile);
  return ms === undefined ? null : rounded(ms);
}

function loadData({ stepMs, workerSeconds, iterations, dropped, cpu, loopLagMs }: Timeline['load']): LoadData {
  const stepS = stepMs / 1000;
  const perSecond = (column: readonly number[]): readonly number[] => column.map((one) => rounded(one / stepS));
  const known = (one: number | null): number | null => (one === null ? null : rounded(one));
  return {
    stepS,
    workers: perSecond(workerSeconds),
    iterations: perSecond(iterations),
    dropped: perSecond(dropped),
    cpu: cpu.map(known),
    loopLagMs: loopLagMs.map(known),
  };
}

/** Four digits: more cannot be seen, and would be most of the file. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
