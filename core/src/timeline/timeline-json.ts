import { LoadsError } from '../errors/loads-error.ts';
import type { FaultWindow } from './fault-window.ts';
import { isLatencyBucket } from './latencies.ts';
import type { LoadTrack } from './load-track.ts';
import { STEP_MS, type Timeline } from './timeline.ts';
import type { Track } from './track.ts';

/**
 * Reads a timeline out of a file, in which it is stored as it is. Throws ERR_RUN_DAMAGED for anything else. By hand, since it
 * is most of a result, and a schema takes ten times as long.
 */
export function readTimeline(json: unknown): Timeline {
  const { total, protocols = [], requests, load, windows } = record(json, 'timeline');
  const [all, apart, named] = [
    track(total),
    list(protocols, 'protocols').map(track),
    list(requests, 'requests').map(track),
  ];
  return {
    total: apart.length === 0 && named.length > 0 ? spoken(all) : all,
    protocols: apart.map(spoken),
    requests: named.map(spoken),
    load: loadTrack(load),
    windows: list(windows, 'windows').map(faultWindow),
  };
}

function track(json: unknown): Track {
  const { name, protocol, stepMs, count, failed, bytes, latencies } = record(json, 'a track');
  if (typeof name !== 'string') throw damaged('a track has no name');
  if (protocol !== undefined && typeof protocol !== 'string') throw damaged('a track has a protocol that is none');
  const found = {
    name,
    ...(protocol !== undefined && { protocol }),
    stepMs: step(stepMs),
    count: amounts(count),
    failed: amounts(failed),
    bytes: amounts(bytes),
    latencies: list(latencies, 'latencies').map(histogram),
  };
  sameLength(found.count, found.failed, found.bytes, found.latencies);
  return found;
}

/** Before tracks told their protocol, all were of HTTP. */
function spoken(one: Track): Track {
  const { name, protocol = 'http', ...columns } = one;
  return { name, protocol, ...columns };
}

function loadTrack(json: unknown): LoadTrack {
  const { stepMs, workerSeconds, iterations, dropped, cpu, loopLagMs, scheduleLagMs } = record(json, 'load');
  const found = {
    stepMs: step(stepMs),
    workerSeconds: amounts(workerSeconds),
    iterations: amounts(iterations),
    dropped: amounts(dropped),
    cpu: knowns(cpu),
    loopLagMs: knowns(loopLagMs),
    scheduleLagMs: knowns(scheduleLagMs),
  };
  const { stepMs: _, ...columns } = found;
  sameLength(...Object.values(columns));
  return found;
}

function faultWindow(json: unknown): FaultWindow {
  const { fault, proxy, plannedMs, fromMs, toMs } = record(json, 'a window');
  if (typeof fault !== 'string' || typeof proxy !== 'string') throw damaged('a window names no fault or no proxy');
  if (typeof plannedMs !== 'number' || typeof fromMs !== 'number') throw damaged('a window has no times');
  if (toMs !== null && typeof toMs !== 'number') throw damaged('a window has no end');
  return { fault, proxy, plannedMs, fromMs, toMs };
}

function histogram(json: unknown): readonly number[] {
  const pairs = list(json, 'a column');
  if (pairs.length % 2 === 1) throw damaged('a histogram has a bucket without a count');
  let bucket = 0;
  // Nearly all numbers of a result are in here: one look at each, and no lists.
  for (let i = 0; i < pairs.length; i += 2) {
    const distance = pairs[i];
    const count = pairs[i + 1];
    if (!isAmount(distance) || !isAmount(count)) throw damaged('a column holds what is no number >= 0');
    bucket += distance;
    if (count === 0 || (i > 0 && distance === 0) || !isLatencyBucket(bucket)) throw damaged('a histogram is none');
  }
  return pairs as readonly number[];
}

function amounts(json: unknown): readonly number[] {
  const column = list(json, 'a column');
  for (const value of column) if (!isAmount(value)) throw damaged('a column holds what is no number >= 0');
  return column as readonly number[];
}

function knowns(json: unknown): readonly (number | null)[] {
  const column = list(json, 'a column');
  for (const value of column) if (value !== null && !isAmount(value)) throw damaged('a column holds what is no number');
  return column as readonly (number | null)[];
}

function step(json: unknown): number {
  if (!isAmount(json) || json < STEP_MS || !Number.isInteger(Math.log2(json / STEP_MS)))
    throw damaged('a step is none');
  return json;
}

function sameLength(...columns: readonly (readonly unknown[])[]): void {
  if (columns.some(({ length }) => length !== columns[0]?.length)) throw damaged('columns are of several lengths');
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}

function list(json: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(json)) throw damaged(`${what} is no list`);
  return json;
}

function record(json: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw damaged(`${what} is no object`);
  return json as Readonly<Record<string, unknown>>;
}

function damaged(problem: string): LoadsError {
  return new LoadsError('ERR_RUN_DAMAGED', `not a result file: in its timeline ${problem}`);
}
