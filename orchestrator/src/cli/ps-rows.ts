import { LoadsError } from '@loads/core';
import { formatAge } from '../console/age.ts';
import { plural } from '../console/format.ts';
import { table } from '../console/table.ts';
import type { ListedRun } from '../store/list-runs.ts';
import type { ListedStudy } from '../study/list-studies.ts';
import type { StudyKind } from '../study/study.ts';

const WORKING: ReadonlySet<string> = new Set(['running', 'launching', 'working']);

/** A run as `loads ps` shows it. The last three are known with `--all`. */
export type PsRow = {
  readonly run: string;
  readonly on: string;
  readonly state: string;
  readonly running: number;
  readonly nodes: number;
  readonly where: string;
  readonly verdict?: string | undefined;
  readonly createdAt?: string | undefined;
  readonly problem?: string | undefined;
  /** The search, matrix or sizing that it is a trial of. */
  readonly trialOf?: string | undefined;
};

/** A search, a matrix or a sizing as `loads ps --all` shows it. */
export type PsStudy = {
  readonly study: string;
  readonly kind: StudyKind;
  readonly state: string;
  /** Those of its runs that are there, the newest first. */
  readonly runs: readonly string[];
  readonly where: string;
  readonly verdict?: string | undefined;
  readonly createdAt?: string | undefined;
  readonly problem?: string | undefined;
};

/** What works, with what the store knows of it, and what has ended, the newest first. */
export function withStored(
  working: readonly PsRow[],
  listed: readonly ListedRun[],
  studies: readonly ListedStudy[] = [],
): readonly PsRow[] {
  const known = new Map(listed.map((one) => [one.run, one]));
  const owners = new Map(studies.flatMap(({ id, trials }) => trials.map(({ run }) => [run, id] as const)));
  const rows = working.map((row) => ({ ...row, ...storedPart(known.get(row.run)) }));
  const shown = new Set(working.map(({ run }) => run));
  const others = listed.filter(({ run }) => !shown.has(run)).map(rowOf);
  return [...rows, ...others].map((row) => {
    const trialOf = owners.get(row.run);
    return trialOf === undefined ? row : { ...row, trialOf };
  });
}

/** Runs of the store, as rows. */
export function rowsOfRuns(listed: readonly ListedRun[]): readonly PsRow[] {
  return listed.map(rowOf);
}

/** Studies of the store, as rows. */
export function rowsOfStudies(studies: readonly ListedStudy[]): readonly PsStudy[] {
  return studies.map(({ id, kind, state, trials, path, createdAtMs, verdict, problem }) => ({
    study: id,
    kind,
    state,
    runs: trials.map(({ run }) => run),
    where: path,
    ...(verdict !== undefined && { verdict }),
    createdAt: instantOf(createdAtMs),
    ...(problem !== undefined && { problem }),
  }));
}

/** The rows without the trials of studies, which stand for them, but for those that are `shown` by themselves. */
export function withoutTrials(rows: readonly PsRow[], shown: readonly PsRow[]): readonly PsRow[] {
  const own = new Set(shown.map(({ run }) => run));
  return rows.filter(({ run, trialOf }) => trialOf === undefined || own.has(run));
}

/** The rows as lines, what works first; `all` has the columns of runs that have ended. */
export function psLines(
  rows: readonly PsRow[],
  all: boolean,
  nowMs: number,
  studies: readonly PsStudy[] = [],
): readonly string[] {
  if (rows.length + studies.length === 0) return [all ? 'there is no run here' : 'no run works here'];
  const header = ['run', 'on', 'state', 'nodes', ...(all ? ['verdict', 'age'] : []), 'where'];
  const lines = [
    ...rows.map((row) => ({ ...row, nodes: `${row.running}/${row.nodes}` })),
    ...studies.map(({ study, kind, runs, ...row }) => ({
      ...row,
      run: study,
      on: kind,
      nodes: plural(runs.length, 'run'),
    })),
  ];
  const works = lines.filter(({ state }) => WORKING.has(state));
  // Ids begin with their time.
  const over = lines.filter(({ state }) => !WORKING.has(state)).sort((a, b) => (a.run < b.run ? 1 : -1));
  const cells = [...works, ...over].map(({ run, on, state, nodes, where, verdict = '-', createdAt = '', problem }) => [
    ...[run, on, state, nodes],
    ...(all ? [verdict, formatAge(nowMs - Date.parse(createdAt))] : []),
    problem === undefined ? where : `${where} (${problem})`,
  ]);
  const left = (row: readonly string[]): readonly { text: string; left: boolean }[] =>
    row.map((text) => ({ text, left: true }));
  return table([header, ...cells].map(left));
}

/** Where no engine was asked for and none answers, there are no runs in containers. */
export function isAbsent(error: unknown, hosts: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const absent = error instanceof LoadsError && error.code === 'ERR_ENGINE';
  return absent && hosts.length === 0 && (env.DOCKER_HOST ?? '') === '';
}

function rowOf(one: ListedRun): PsRow {
  const { run, path, state, record, outcome } = one;
  const nodes = record?.plan.nodes ?? 0;
  // Between its nodes and its verdict, or before its nodes: only its command works. That of a trial works on the next.
  const shown = state !== 'working' ? state : outcome === undefined ? 'launching' : 'ended';
  const row = { run, on: record?.launcher ?? '-', state: shown, running: 0, nodes, where: path };
  return { ...row, ...storedPart(one) };
}

function storedPart(one: ListedRun | undefined): Pick<PsRow, 'verdict' | 'createdAt' | 'problem'> {
  if (!one) return {};
  const { outcome, createdAtMs, problem } = one;
  return {
    ...(outcome && { verdict: outcome }),
    createdAt: instantOf(createdAtMs),
    ...(problem !== undefined && { problem }),
  };
}

function instantOf(ms: number): string | undefined {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined;
}
