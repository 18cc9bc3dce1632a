import { basename } from 'node:path';
import {
  formatAddress,
  formatDuration,
  groupsOf,
  type ProxyPlan,
  plannedWindows,
  type RunPlan,
  type ScheduleEntry,
  type WeightedBehavior,
} from '@loads/core';
import type { RunMetadata } from '../store/run-metadata.ts';
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
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** What it was made with and of, for who looks at it later. */
  readonly made?: RunMetadata | undefined;
};

/** What a run is going to do, in ten lines at most. */
export function runHeader(
  { run, plan, scenarios, createdAt, labels = {}, made }: RunIntroduction,
  paint: Paint,
): readonly string[] {
  const link = run === undefined || createdAt === undefined ? undefined : dashboardLink({ run, plan, createdAt });
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['run', run === undefined ? [] : [run]],
    ['labels', labelsOf(labels)],
    ['made of', made ? [madeOf(made)] : []],
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

function labelsOf(labels: Readonly<Record<string, string>>): readonly string[] {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? [] : [pairs.join(', ')];
}

/** `0123456789ab on main with changes, loads 2.0.0 on ci (linux 6.1.0 x64, Node 24.21.0)` */
function madeOf({ versions, host, git }: RunMetadata): string {
  const { revision, branch, dirty = false } = git ?? {};
  const commit =
    revision === undefined ? [] : [revision.slice(0, 12), ...(branch === undefined ? [] : [`on ${branch}`])];
  const source = [...commit, ...(dirty ? ['with changes'] : [])].join(' ');
  const made = `loads ${versions.loads} on ${host.name} (${host.system}, Node ${versions.node})`;
  return source === '' ? made : `${source}, ${made}`;
}

function scenarioOf(plan: RunPlan, declared: RunIntroduction['scenarios']): string {
  const { scenario, singleMode } = plan;
  if (scenario.kind === 'command') return scenario.command.join(' ');
  const file = basename(scenario.file);
  if (!declared) return file;
  const groups = groupsOf(plan);
  const chosen = groups.flatMap(({ scenario: own = singleMode }) => (own === undefined ? [] : [own]));
  if (chosen.length > 0) return `${file}: ${chosen.join(', ')}`;
  if (groups.some(({ model }) => model.kind === 'once'))
    return `${file}: ${declared.flatMap(({ name, weight }) => (weight > 0 ? [name] : [])).join(', ')}`;
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
  // A ramp is one fault, in however many steps.
  const inOrder = plannedWindows(schedule);
  const shown = inOrder.length > most ? inOrder.slice(0, most - 1) : inOrder;
  const lines = table(
    shown.map(({ fault, proxy, atMs, forMs, entries }) => [
      `${formatDuration(atMs)} to ${formatDuration(atMs + forMs)}`,
      { text: fault, left: true },
      { text: `${behaviorsOf(entries[0]?.behaviors ?? []) || 'nothing'} on ${proxy}${rampOf(entries)}`, left: true },
    ]),
  );
  return shown.length < inOrder.length ? [...lines, `and ${inOrder.length - shown.length} more`] : lines;
}

function rampOf(entries: readonly ScheduleEntry[]): string {
  return entries.some(({ step }) => step !== undefined) ? `, in a ramp of ${entries.length} steps` : '';
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
