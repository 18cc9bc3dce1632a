import type { LoadGroup } from '../load/load-group.ts';
import { formatDuration } from '../plan/duration.ts';
import { plannedWindows } from '../schedule/planned-windows.ts';
import type { Summary } from '../summary/summary.ts';
import type { DataPoint } from './data-point.ts';
import { endOf, type RunIdentity } from './run-points.ts';
import { EVENT_FIELDS, EVENT_TYPES, MEASUREMENTS, TAGS } from './schema.ts';
import type { Tags } from './series.ts';

type EventType = (typeof EVENT_TYPES)[keyof typeof EVENT_TYPES];

/** Something that happened at an instant, epoch ms, and until when it lasts if it does. */
export type RunEvent = {
  readonly type: EventType;
  readonly atMs: number;
  readonly endMs?: number | undefined;
  readonly title: string;
  readonly text: string;
  readonly tags?: Tags | undefined;
};

/** An event as a point. */
export function eventPoint(run: string, { type, atMs, endMs, title, text, tags = {} }: RunEvent): DataPoint {
  return {
    measurement: MEASUREMENTS.events,
    tags: { ...tags, [TAGS.run]: run, [TAGS.type]: type },
    fields: { [EVENT_FIELDS.title]: title, [EVENT_FIELDS.text]: text, [EVENT_FIELDS.timeEnd]: endMs },
    atMs,
  };
}

/**
 * What is known beforehand of a run, in the order of time: its start, its stages, and each fault on and off. With the instant at
 * which it ended (epoch ms), what came after that is left out, and what lasted ends there.
 */
export function plannedEvents({ plan, startMs }: RunIdentity, endedMs?: number | undefined): readonly RunEvent[] {
  const last = endedMs ?? Number.POSITIVE_INFINITY;
  const plannedEnd = plan.durationMs === null ? undefined : startMs + plan.durationMs;
  const { nodes, workers } = plan;
  const start: RunEvent = {
    type: EVENT_TYPES.runStart,
    atMs: startMs,
    endMs: endedMs ?? plannedEnd,
    title: `${plan.name} started`,
    text: `${workers} workers on ${nodes} nodes${plan.durationMs === null ? '' : ` for ${formatDuration(plan.durationMs)}`}`,
  };
  const faults = plannedWindows(plan.schedule).flatMap(({ fault: name, proxy, atMs, forMs, entries }): RunEvent[] => {
    const [on, off] = [startMs + atMs, startMs + atMs + forMs];
    const tags = { [TAGS.fault]: name, [TAGS.proxy]: proxy };
    const texts = entries.map(({ behaviors }) =>
      behaviors.map(({ percent, behavior }) => `${percent} % ${behavior}`).join(', '),
    );
    const [first, final] = [texts[0], texts.at(-1)];
    const text = `${first === final ? first : `${first} to ${final}`} on ${proxy}`;
    return [
      { type: EVENT_TYPES.faultOn, atMs: on, endMs: Math.min(off, last), title: `${name} on`, text, tags },
      { type: EVENT_TYPES.faultOff, atMs: off, title: `${name} off`, text, tags },
    ];
  });
  const stages = (plan.load ?? []).flatMap((group) => stageEvents(group, startMs, last));
  return [start, ...stages, ...faults].filter(({ atMs }) => atMs <= last).sort((a, b) => a.atMs - b.atMs);
}

/** The stages of a load, where it has more than one. */
function stageEvents({ scenario, atMs, model }: LoadGroup, startMs: number, last: number): readonly RunEvent[] {
  if (model.kind !== 'workers' && model.kind !== 'arrivals') return [];
  const stages = model.profile.filter(({ forMs }) => forMs > 0);
  if (stages.length < 2) return [];
  const unit = model.kind === 'workers' ? 'workers' : 'iterations/s';
  let fromMs = startMs + atMs;
  return stages.map(({ forMs, from, to }, i): RunEvent => {
    const at = fromMs;
    fromMs += forMs;
    const text = from === to ? `${to} ${unit}` : `${from} to ${to} ${unit}`;
    const tags = scenario === undefined ? {} : { [TAGS.scenario]: scenario };
    const title = `stage ${i + 1} of ${stages.length}`;
    return { type: EVENT_TYPES.stage, atMs: at, endMs: Math.min(fromMs, last), title, text, tags };
  });
}

/** The number of workers over all nodes was set at this instant, epoch ms. */
export function scaleEvent(atMs: number, workers: number): RunEvent {
  return { type: EVENT_TYPES.scale, atMs, title: `scaled to ${workers} workers`, text: 'over all nodes' };
}

/** All events of a judged run, with what really happened: those of the plan, its end, and the nodes that were lost. */
export function judgedEvents(identity: RunIdentity, summary: Summary): readonly RunEvent[] {
  const endedMs = endOf(identity, summary);
  const lost = summary.nodeRows.flatMap(({ node, lost: reason }): RunEvent[] => {
    if (reason === undefined) return [];
    const tags = { [TAGS.node]: String(node) };
    return [{ type: EVENT_TYPES.nodeLost, atMs: endedMs, title: `node ${node} lost`, text: reason, tags }];
  });
  const scalings = (summary.scalings ?? []).map(({ atMs, workers }) => scaleEvent(identity.startMs + atMs, workers));
  const end: RunEvent = {
    type: EVENT_TYPES.runEnd,
    atMs: endedMs,
    title: `${summary.name} ${summary.outcome}`,
    text: summary.reasons.join('; '),
  };
  return [...plannedEvents(identity, endedMs), ...scalings, ...lost, end];
}
