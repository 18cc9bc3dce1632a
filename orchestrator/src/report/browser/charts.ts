import type { ReportData, TrackData } from '../report-data.ts';
import { formatIn } from './format.ts';
import { cellAt, drawHeat } from './heat-map.ts';
import type { ChartSpec } from './time-chart.ts';

/** What each chart of a report shows, by its place in the page. `track` is the number of the requests, `log` of latencies. */
export function chartSpecs(data: ReportData, track: number, log: boolean): ReadonlyMap<string, ChartSpec> {
  const chosen = data.tracks[track] ?? data.tracks[0];
  const specs = new Map<string, ChartSpec>([
    ['load', loadSpec(data)],
    ['generator', generatorSpec(data)],
  ]);
  if (chosen) specs.set('rate', rateSpec(data, chosen)).set('latency', latencySpec(data, chosen, log));
  if (data.heat.bounds.length > 1) specs.set('heat', heatSpec(data));
  return specs;
}

function rateSpec({ endS, bands }: ReportData, { stepS, ok, ko, answers }: TrackData): ChartSpec {
  return {
    ...{ endS, stepS, bands },
    lines: [
      { label: 'OK', colour: 'ok', unit: 'per second', values: ok, filled: true },
      { label: 'KO', colour: 'ko', unit: 'per second', values: ko, filled: true },
      ...(answers ? [{ label: 'answers', colour: 'rate', unit: 'per second' as const, values: answers }] : []),
    ],
  };
}

function latencySpec({ endS, bands }: ReportData, { stepS, p50, p95, p99 }: TrackData, log: boolean): ChartSpec {
  return {
    ...{ endS, stepS, bands, log },
    lines: [
      { label: 'p99', colour: 'p99', unit: 'ms', values: p99 },
      { label: 'p95', colour: 'p95', unit: 'ms', values: p95 },
      { label: 'p50', colour: 'p50', unit: 'ms', values: p50 },
    ],
  };
}

function heatSpec({ endS, bands, heat, tracks }: ReportData): ChartSpec {
  const what = tracks[0]?.answers ? 'answers' : 'requests';
  const { stepS, bounds, cells } = heat;
  return {
    ...{ endS, stepS, bands, log: true, msRange: [bounds[0] ?? 0.1, 2 * (bounds.at(-1) ?? 1)] },
    // An axis needs a line, which has no points here.
    lines: [{ label: what, colour: 'rate', unit: 'ms', values: cells.map(() => null) }],
    draw: (plot) => drawHeat(plot, heat),
    textAt(seconds, ms) {
      const cell = cellAt(heat, seconds, ms);
      if (!cell) return '';
      return `${cell.count} ${what} in ${formatIn('ms', cell.fromMs)} to ${formatIn('ms', cell.toMs)}`;
    },
  };
}

function loadSpec({ endS, bands, load }: ReportData): ChartSpec {
  const { stepS, workers, iterations, dropped } = load;
  const lost = dropped.some((one) => one > 0);
  return {
    ...{ endS, stepS, bands },
    lines: [
      { label: 'workers', colour: 'other', unit: 'count', values: workers },
      { label: 'iterations', colour: 'rate', unit: 'per second', values: iterations },
      ...(lost ? [{ label: 'dropped', colour: 'ko', unit: 'per second' as const, values: dropped }] : []),
    ],
  };
}

function generatorSpec({ endS, bands, load }: ReportData): ChartSpec {
  const { stepS, cpu, loopLagMs } = load;
  return {
    ...{ endS, stepS, bands },
    lines: [
      { label: 'CPU', colour: 'rate', unit: 'share', values: cpu },
      { label: 'loop lag p99', colour: 'p95', unit: 'ms', values: loopLagMs },
    ],
  };
}
