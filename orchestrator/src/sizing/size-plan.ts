import {
  EXIT,
  edgeConfidence,
  edgeOf,
  judgeTrial,
  type Ladder,
  LoadsError,
  type NextTrial,
  nextTrial,
  type RunPlan,
  type Search,
  type Summary,
  tallyLevels,
} from '@loads/core';
import { edgeRow, type SizingEnd, type SizingReport, type TrialRow, trialRow } from './sizing-report.ts';
import { type EndedTrial, runTrial, type TrialSetting } from './trial-run.ts';

const RAMP_STEPS = 64;
const PRECISION = 0.05;
const REPEATS = 3;
const MOST_TRIALS = 60;

/** How a search goes on: in doublings from a 64th of the ceiling, until 5 %, each side of the edge in three trials. */
export function usualSearch({ ceiling }: Ladder): Search {
  const first = Math.ceil(ceiling / RAMP_STEPS);
  return { first, ceiling, precision: PRECISION, repeats: REPEATS, mostTrials: MOST_TRIALS };
}

export type SizingSetting = TrialSetting & {
  /** The name of the sizing. */
  readonly id: string;
  readonly plan: RunPlan;
  readonly ladder: Ladder;
  readonly search: Search;
  readonly onTrial: (row: TrialRow) => void;
  /** ms, of any monotonic clock. */
  readonly now: () => number;
  /** Lets a service come to itself after a load that it could not take. */
  readonly rest: () => Promise<void>;
};

/** Searches for the highest level that holds, a load or the strength of a fault. Throws ERR_SETUP when a trial's fixtures did, and what `runTrial` throws. */
export async function sizePlan(setting: SizingSetting): Promise<SizingReport> {
  const { ladder, search, tolerance, signal, onTrial, now, rest } = setting;
  const begunMs = now();
  const trials: TrialRow[] = [];
  for (;;) {
    const next = nextTrial(search, trials);
    if (next.kind === 'end') return reportOf(setting, trials, { end: next.limit, elapsedMs: now() - begunMs });
    const ended = signal.aborted ? undefined : await tried(next, setting);
    if (!ended || ended.summary.outcome === 'stopped')
      return reportOf(setting, trials, { end: 'stopped', elapsedMs: now() - begunMs });
    const { summary, givenUp, behind } = ended;
    refuseBrokenFixtures(summary);
    const row = trialRow(next, ladder, summary, judgeTrial(summary, { tolerance, givenUp, behind }));
    trials.push(row);
    onTrial(row);
    if (row.outcome === 'broke') await rest();
  }
}

/** Runs a trial; undefined when the user stopped it before it had begun. */
async function tried(
  { level }: Extract<NextTrial, { kind: 'try' }>,
  setting: SizingSetting,
): Promise<EndedTrial | undefined> {
  try {
    return await runTrial(setting.ladder.planAt(level), setting);
  } catch (error) {
    if (error instanceof LoadsError && error.code === 'ERR_STOPPED') return undefined;
    throw error;
  }
}

/** A setup that throws says nothing of a load, whatever the load. */
function refuseBrokenFixtures({ exitCode, reasons, run }: Summary): void {
  if (exitCode !== EXIT.scenarioNotLoaded) return;
  throw new LoadsError('ERR_SETUP', `${reasons[0] ?? 'a fixture failed'} (run ${run})`);
}

function reportOf(
  { id, plan, ladder, search, tolerance }: SizingSetting,
  trials: readonly TrialRow[],
  { end, elapsedMs }: { readonly end: SizingEnd; readonly elapsedMs: number },
): SizingReport {
  const { holds, breaks } = edgeOf(tallyLevels(trials), search.repeats);
  return {
    version: 1,
    sizing: id,
    name: plan.name,
    nodes: plan.nodes,
    unit: ladder.unit,
    ceiling: ladder.loadAt(ladder.ceiling),
    tolerance,
    end,
    holds: edgeRow(holds, trials),
    breaks: edgeRow(breaks, trials),
    confidence: edgeConfidence(holds, breaks),
    elapsedMs,
    trials,
  };
}
