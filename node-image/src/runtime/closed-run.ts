import { capacityOf, type LoadGroup, numberOf, shareOf, workerNumber, workersBefore } from '@loads/core';
import type { RegisteredScenario } from '../api/registry.ts';
import { type Work, workOff } from './closed-load.ts';
import type { Crew } from './crew.ts';
import type { GroupPlace, GroupRun } from './group-run.ts';
import { roundsOf } from './rounds-of.ts';
import { waitUnless } from './waiting.ts';
import { Worker } from './worker.ts';

/** The worker of a rank within its group. */
type Member = {
  readonly worker: Worker;
  readonly rank: number;
  /** Iterations, with those of an earlier worker of its rank. */
  begun: number;
  atWork: boolean;
  ended: boolean;
};

/** A process's part of a closed model: its share of the workers, of which there may be other numbers while it goes on. */
export function closedRun(
  group: LoadGroup,
  scenarios: readonly RegisteredScenario[],
  { slot, firstWorker }: GroupPlace,
  crew: Crew,
): GroupRun {
  const { brief, stage, stopped } = crew;
  const { model, atMs, durationMs, maxRuns = Number.POSITIVE_INFINITY } = group;
  const rounds = roundsOf(group, scenarios, slot, crew);
  const workers: Worker[] = [];
  const members: Member[] = [];
  const lives = new Set<Promise<void>>();
  const planned = capacityOf(model);

  const recruit = (index: number, begun: number): Member => {
    const rank = numberOf(index, slot);
    const id = rank < planned ? firstWorker + rank : workerNumber(brief.plan, brief.node, rank);
    const member = { worker: new Worker(id, crew), rank, begun, atWork: false, ended: false };
    workers.push(member.worker);
    members[index] = member;
    return member;
  };
  const work = async (member: Member): Promise<void> => {
    const works = rounds(member.worker, member.rank, member.begun).map((one) => noted(one, member));
    const [first] = works;
    // A worker's own setup is part of its ramp.
    if (first && (await untilBegin(first, crew)) && (await member.worker.begin()))
      for (const one of works) member.begun = await workOff(member.worker, one, crew, member.begun);
    member.atWork = false;
    member.ended = true;
    await member.worker.finish();
  };
  const live = (member: Member): void => {
    const life = member.worker.enter(() => work(member));
    lives.add(life);
  };
  /** Has as many workers as were asked for; those that are too many wait, and go on when they are wanted again. */
  const follow = (): void => {
    const { wanted, changed } = crew.workers;
    changed.addEventListener('abort', follow, { once: true, signal: stopped });
    const over = durationMs !== null && stage.elapsed() - atMs >= durationMs;
    if (wanted === undefined || over) return;
    const share = shareOf(workersBefore(brief.plan, brief.node, wanted), slot);
    for (let index = 0; index < share; index++) {
      const member = members[index];
      if (!member) live(recruit(index, 0));
      else if (member.ended && member.begun < maxRuns) live(recruit(index, member.begun));
    }
  };
  for (let index = 0; index < shareOf(planned, slot); index++) recruit(index, 0);
  return {
    workers,
    atWork: () => members.reduce((sum, { atWork }) => sum + (atWork ? 1 : 0), 0),
    async run() {
      for (const member of members) live(member);
      if (model.kind !== 'workers') return void (await Promise.all(lives));
      follow();
      // Whoever has no worker left may get some.
      if (maxRuns === Number.POSITIVE_INFINITY && durationMs !== null)
        await untilStopped(() => atMs + durationMs - stage.elapsed(), stopped);
      for (let known = -1; known !== lives.size; ) {
        known = lives.size;
        await Promise.all(lives);
      }
    },
  };
}

/** A work that notes whether its worker is at work. */
function noted(work: Work, member: Member): Work {
  return {
    ...work,
    pace(elapsedMs, begun) {
      const next = work.pace(elapsedMs, begun);
      member.atWork = next.kind === 'start';
      return next;
    },
  };
}

/** Waits until a worker is to begin; false when a stop came first, or it has nothing to do. */
async function untilBegin({ atMs, pace, changed }: Work, { stage, stopped }: Crew): Promise<boolean> {
  while (!stopped.aborted) {
    const next = pace(stage.elapsed() - atMs, 0);
    if (next.kind === 'start') return true;
    if (next.kind === 'stop') return false;
    await waitUnless(next.ms, stopped, changed?.());
  }
  return false;
}

/** Waits until nothing is left (ms), or a stop. */
async function untilStopped(leftMs: () => number, stopped: AbortSignal): Promise<void> {
  for (let left = leftMs(); left > 0 && !stopped.aborted; left = leftMs()) await waitUnless(left, stopped);
}
