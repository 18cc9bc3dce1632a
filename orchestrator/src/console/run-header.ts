import { basename } from 'node:path';
import { formatAddress, formatDuration, type ProxyPlan, type RunPlan, type WeightedBehavior } from '@loads/core';
import { dashboardLink } from './dashboard-link.ts';
import { formatRatio, oneLine } from './format.ts';
import { loadText } from './load-text.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';

const MOST_FAULTS = 4;

/** A run before it begins: its plan, and what its scenario file declares, when that is known. */
export type RunIntroduction = {
  readonly run?: string | undefined;
  readonly plan: RunPlan;
  /** ISO 8601. */
  readonly createdAt?: string | undefined;
  readonly scenarios?: readonly { readonly name: string; readonly weight: number }[] | undefined;
};

/** What a run is going to do, in ten lines at most. */
export function runHeader({ run, plan, scenarios, createdAt }: RunIntroduction, paint: Paint): readonly string[] {
  const link = run === undefined || createdAt === undefined ? undefined : dashboardLink({ run, plan, createdAt });
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['run', run === undefined ? [] : [run]],
    ['scenario', [scenarioOf(plan, scenarios)]],
    ['target', plan.target === undefined ? [] : [withoutSecrets(plan.target)]],
    ['load', [run === undefined ? loadText(plan) : `${loadText(plan)}, seed ${plan.seed}`]],
    ['proxies', proxiesOf(plan)],
    ['chaos', chaosOf(plan, link === undefined ? MOST_FAULTS : MOST_FAULTS - 1)],
    ['influx', plan.influx ? [`${withoutSecrets(plan.influx.url)}, bucket ${plan.influx.bucket}`] : []],
    ['grafana', link === undefined ? [] : [link]],
  ];
  return rows.flatMap(([title, lines]) =>
    lines.map((line, i) => `  ${paint.faint((i === 0 ? title : '').padEnd(8))}  ${oneLine(line)}`),
  );
}

function scenarioOf({ scenario }: RunPlan, declared: RunIntroduction['scenarios']): string {
  if (scenario.kind === 'command') return scenario.command.join(' ');
  const file = basename(scenario.file);
  if (!declared) return file;
  const total = declared.reduce((sum, { weight }) => sum + weight, 0);
  const names = declared.map(({ name, weight }) =>
    declared.length === 1 ? name : `${name} (${formatRatio(weight / total)})`,
  );
  return `${file}: ${names.join(', ')}`;
}

/** Those of the nodes, and those that stand elsewhere; never what their control demands. */
function proxiesOf({ proxies, remotes = [] }: RunPlan): readonly string[] {
  const elsewhere = remotes.map(({ name, control, remoteName }) => {
    const at = `at ${withoutSecrets(control)}`;
    return `${name} ${remoteName === name ? at : `(${remoteName} ${at})`}`;
  });
  const all = [...proxies.map(proxyOf), ...elsewhere];
  return all.length === 0 ? [] : [all.join(', ')];
}

function proxyOf({ name, protocol, backend, behaviors }: ProxyPlan): string {
  const faults = behaviorsOf(behaviors);
  return `${name} (${protocol}) to ${formatAddress(backend)}${faults === '' ? '' : ` with ${faults}`}`;
}

function chaosOf({ schedule }: RunPlan, most: number): readonly string[] {
  const inOrder = schedule.toSorted((a, b) => a.atMs - b.atMs);
  const shown = inOrder.length > most ? inOrder.slice(0, most - 1) : inOrder;
  const lines = table(
    shown.map(({ name, proxy, atMs, forMs, behaviors }) => [
      `${formatDuration(atMs)} to ${formatDuration(atMs + forMs)}`,
      { text: name, left: true },
      { text: `${behaviorsOf(behaviors) || 'nothing'} on ${proxy}`, left: true },
    ]),
  );
  return shown.length < schedule.length ? [...lines, `and ${schedule.length - shown.length} more`] : lines;
}

/** `20:delay, error`: the percentage, unless it is all. */
function behaviorsOf(behaviors: readonly WeightedBehavior[]): string {
  return behaviors
    .filter(({ behavior }) => behavior !== 'dummy')
    .map(({ percent, behavior }) => (percent === 100 ? behavior : `${percent}:${behavior}`))
    .join(', ');
}

function withoutSecrets(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href.replace(/\/$/, '');
}
