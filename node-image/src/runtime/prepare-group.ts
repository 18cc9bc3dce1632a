import type { LoadGroup } from '@loads/core';
import { scenariosOf } from './choose.ts';
import { closedRun } from './closed-run.ts';
import type { Crew } from './crew.ts';
import type { GroupPlace, GroupRun } from './group-run.ts';
import { openRun } from './open-run.ts';

/** Prepares a process's part of a group. */
export function prepareGroup(group: LoadGroup, place: GroupPlace, crew: Crew): GroupRun {
  const scenarios = scenariosOf(crew.file, crew.brief.plan, group);
  return group.model.kind === 'arrivals'
    ? openRun(group, group.model, scenarios, place, crew)
    : closedRun(group, scenarios, place, crew);
}
