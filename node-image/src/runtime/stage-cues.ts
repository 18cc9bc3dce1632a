import { type RunPlan, stagesOf } from '@loads/core';
import type { EventStage, STAGE_EVENTS } from '../api/events.ts';

/** An event of a stage, and when it is due, ms from the start of the run. */
export type StageCue = Omit<EventStage, 'node' | 'process'> & {
  readonly event: (typeof STAGE_EVENTS)[number];
  readonly atMs: number;
};

/** The events of a plan's stages, in the order of time; the end of a stage comes before the start of the next. */
export function stageCues(plan: RunPlan): readonly StageCue[] {
  const ofScenario = Map.groupBy(stagesOf(plan), ({ scenario }) => scenario);
  const cues = [...ofScenario.values()].flatMap((stages) =>
    stages.flatMap(({ fromMs, toMs, ...rest }, i): readonly StageCue[] => {
      const stage = { ...rest, stage: i + 1, stages: stages.length, durationMs: toMs - fromMs };
      return [
        { ...stage, event: 'stage_start', atMs: fromMs },
        { ...stage, event: 'stage_middle', atMs: (fromMs + toMs) / 2 },
        { ...stage, event: 'stage_end', atMs: toMs },
      ];
    }),
  );
  return cues.sort((a, b) => a.atMs - b.atMs || rankOf(a) - rankOf(b));
}

function rankOf({ event }: StageCue): number {
  return event === 'stage_end' ? 0 : 1;
}
