import { REQUEST_METRICS } from '../metrics/request-metrics.ts';
import { groupBy, type Series, select, type Tags } from '../metrics/series.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { FaultRecovery } from '../recovery/recovery.ts';
import type { Effect } from '../recovery/window-recovery.ts';
import { phaseLookup } from '../schedule/phase-lookup.ts';
import type { Summary } from '../summary/summary.ts';
import { protocolTracks } from '../timeline/protocol-tracks.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Track } from '../timeline/track.ts';
import { clusteringOf, INDEPENDENT, type Stretch } from './clustering.ts';
import type { ComparedPhase, FaultOutcome, Part, PartFigures, RunBrief, RunFigures } from './run-figures.ts';

/** A judged run with what all of its nodes measured, merged. */
export type MeasuredRun = {
  readonly plan: RunPlan;
  readonly summary: Summary;
  readonly series: readonly Series[];
  readonly timeline?: Timeline | undefined;
};

/** How the caller describes it. */
export type RunDescription = Pick<RunBrief, 'createdAt' | 'labels' | 'load' | 'made'>;

/** Metrics of how long something took, with the metric of how often it failed and the tag that names it. */
type Subject = {
  readonly metric: string;
  readonly failed: string;
  readonly tag: string;
  /** Undefined of iterations. */
  readonly protocol?: string;
};

/** What users wait for, by protocol. */
const WAITED_FOR: readonly Subject[] = REQUEST_METRICS.map(({ duration, failed, protocol }) => {
  return { metric: duration, failed, tag: 'name', protocol };
});
const ITERATIONS: Subject = { metric: 'iteration_duration', failed: 'iteration_failed', tag: 'scenario' };
const PHASES: readonly ComparedPhase[] = ['steady', 'chaos', 'recovery'];

/** What of a run is compared with others: its requests of all protocols, or, where there are none, its iterations. */
export function figuresOf(run: MeasuredRun, description: RunDescription): RunFigures {
  const { plan, summary } = run;
  const waited = WAITED_FOR.filter((subject) => run.series.some(({ metric }) => metric === subject.metric));
  const subjects = waited.length > 0 ? waited : [ITERATIONS];
  const faults = [...new Set(plan.schedule.map(({ name }) => name))];
  return {
    run: summary.run,
    name: summary.name,
    outcome: summary.outcome,
    durationMs: summary.durationMs,
    requests: summary.total.ok + summary.total.ko,
    requestsFailed: summary.total.ko,
    rate: summary.total.rate,
    dropped: summary.schedule?.dropped ?? 0,
    ...description,
    parts: subjects.flatMap((subject) => partsOf(run, subject, faults)),
    faults: (summary.recovery ?? []).map(outcomeOf),
    thresholds: summary.thresholds.map(({ metric, expression, ok }) => ({ metric, expression, ok })),
  };
}

function partsOf(run: MeasuredRun, subject: Subject, faults: readonly string[]): readonly PartFigures[] {
  const { plan, series, timeline } = run;
  const { metric, failed, tag, protocol } = subject;
  const phaseAt = phaseLookup(plan.schedule, plan.recoveryMs);
  const figures = (track: Track | undefined, part: Part, tags: Tags): readonly PartFigures[] => {
    const durations = select(series, metric, tags);
    if (durations?.kind !== 'trend' || durations.histogram.count === 0) return [];
    const failures = select(series, failed, tags);
    const stretch: Stretch = part;
    return [
      {
        ...part,
        durations: durations.histogram,
        count: failures?.kind === 'rate' ? failures.count : durations.histogram.count,
        failed: failures?.kind === 'rate' ? failures.sum : 0,
        clustering: track ? clusteringOf(track, phaseAt, stretch) : INDEPENDENT,
      },
    ];
  };
  const names = [...groupBy(series, metric, tag).keys()].filter((name) => name !== '');
  // The timeline is about requests.
  const total = timeline && protocolTracks(timeline).find((one) => one.protocol === protocol);
  // The same moments are bad for all: where a name has no track of its own, that of all requests tells.
  const trackOf = (name: string): Track | undefined =>
    total && (timeline?.requests.find((one) => one.name === name && one.protocol === protocol) ?? total);
  return [
    ...PHASES.flatMap((phase) => figures(total, { metric, phase }, { phase })),
    ...faults.flatMap((fault) => figures(total, { metric, fault }, { fault })),
    // One name alone is all there is.
    ...(names.length < 2 ? [] : names).flatMap((name) =>
      PHASES.flatMap((phase) => figures(trackOf(name), { metric, name, phase }, { [tag]: name, phase })),
    ),
  ];
}

const BY_HARM: readonly Effect[] = ['unknown', 'none', 'degraded', 'collapsed'];

function outcomeOf({ fault, windows, failedBecause }: FaultRecovery): FaultOutcome {
  const effect = windows.reduce<Effect>(
    (worst, window) => (BY_HARM.indexOf(window.effect) > BY_HARM.indexOf(worst) ? window.effect : worst),
    'unknown',
  );
  const times = windows.flatMap(({ recoveryMs }) => (recoveryMs === undefined ? [] : [recoveryMs]));
  return {
    fault,
    effect,
    failedBecause,
    ...(times.length === windows.length && { recoveryMs: Math.max(0, ...times) }),
  };
}
