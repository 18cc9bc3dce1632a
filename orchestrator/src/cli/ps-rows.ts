import { LoadsError } from '@loads/core';
import { formatAge } from '../console/age.ts';
import { table } from '../console/table.ts';
import type { ListedRun } from '../store/list-runs.ts';

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
};

/** What works, with what the store knows of it, and what has ended, the newest first. */
export function withStored(working: readonly PsRow[], listed: readonly ListedRun[]): readonly PsRow[] {
  const known = new Map(listed.map((one) => [one.run, one]));
  const rows = working.map((row) => ({ ...row, ...storedPart(known.get(row.run)) }));
  const shown = new Set(working.map(({ run }) => run));
  const others = listed.filter(({ run }) => !shown.has(run)).map(rowOf);
  return [...rows, ...others];
}

/** The rows as lines; `all` has the columns of runs that have ended. */
export function psLines(rows: readonly PsRow[], all: boolean, nowMs: number): readonly string[] {
  if (rows.length === 0) return [all ? 'there is no run here' : 'no run works here'];
  const header = ['run', 'on', 'state', 'nodes', ...(all ? ['verdict', 'age'] : []), 'where'];
  const cells = rows.map(({ run, on, state, running, nodes, where, verdict = '-', createdAt = '', problem }) => [
    ...[run, on, state, `${running}/${nodes}`],
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
  const { run, path, state, record } = one;
  const nodes = record?.plan.nodes ?? 0;
  // Between its nodes and its verdict, or before its nodes: only its command works.
  const shown = state === 'working' ? 'launching' : state;
  const row = { run, on: record?.launcher ?? '-', state: shown, running: 0, nodes, where: path };
  return { ...row, ...storedPart(one) };
}

function storedPart(one: ListedRun | undefined): Pick<PsRow, 'verdict' | 'createdAt' | 'problem'> {
  if (!one) return {};
  const { outcome, createdAtMs, problem } = one;
  const createdAt = Number.isFinite(createdAtMs) ? new Date(createdAtMs).toISOString() : undefined;
  return { ...(outcome && { verdict: outcome }), createdAt, ...(problem !== undefined && { problem }) };
}
