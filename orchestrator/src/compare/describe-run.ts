import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import {
  formatDuration,
  type RunDescription,
  type RunPlan,
  type ScheduleEntry,
  type WeightedBehavior,
} from '@loads/core';
import { loadText } from '../console/load-text.ts';
import type { RunRecord } from '../store/run-folder.ts';
import type { RunMetadata } from '../store/run-metadata.ts';

const MOST_ENTRIES = 4;

/** A run in words, for readers and to see what two runs are not alike in. There is no secret in it. */
export function describeRun({ plan, createdAt, labels = {}, metadata }: RunRecord): RunDescription {
  return { createdAt, labels, load: loadTexts(plan), made: { ...madeTexts(plan), ...metadataTexts(metadata) } };
}

type Texts = Readonly<Record<string, string>>;

function loadTexts(plan: RunPlan): Texts {
  const proxies = plan.proxies.flatMap(({ name, behaviors }) => {
    const text = behaviorsText(behaviors);
    return text === '' ? [] : [[`proxy ${name}`, text] as const];
  });
  const faults = new Map<string, string[]>();
  for (const entry of plan.schedule) {
    const key = `fault ${entry.name}`;
    faults.set(key, [...(faults.get(key) ?? []), entryText(entry)]);
  }
  return {
    load: loadText(plan),
    ...Object.fromEntries(proxies),
    ...Object.fromEntries([...faults].map(([name, texts]) => [name, joined(texts)])),
  };
}

/** All of them, or of many (a ramp, a repeat) the first, the last, and a digest that changes with any. */
function joined(texts: readonly string[]): string {
  const [first, last] = [texts[0], texts.at(-1)];
  if (texts.length <= MOST_ENTRIES) return texts.join('; ');
  const digest = createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 8);
  return `${first}; ... ${texts.length} entries in all (${digest}); ${last}`;
}

function entryText({ proxy, atMs, forMs, behaviors, scope, match }: ScheduleEntry): string {
  const what = behaviorsText(behaviors) || 'nothing';
  const which = match ? ` where ${JSON.stringify(match)}` : '';
  const per = scope === undefined || scope === 'request' ? '' : ` by ${scope}`;
  return `at ${formatDuration(atMs)} for ${formatDuration(forMs)}: ${what} on ${proxy}${per}${which}`;
}

/** `20:delay (sleep 300), error`: the percentage, unless it is all. */
function behaviorsText(behaviors: readonly WeightedBehavior[]): string {
  return behaviors
    .filter(({ behavior }) => behavior !== 'dummy')
    .map(({ percent, behavior, options }) => {
      const given = Object.entries(options).map(([name, value]) => `${name} ${textOf(value)}`);
      return `${percent === 100 ? '' : `${percent}:`}${behavior}${given.length > 0 ? ` (${given.join(', ')})` : ''}`;
    })
    .join(', ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function madeTexts({ scenario, target, seed }: RunPlan): Texts {
  // The arguments of a command may hold a secret.
  const name = scenario.kind === 'script' ? basename(scenario.file) : basename(scenario.command[0] ?? '');
  const url = target === undefined ? undefined : withoutSecrets(target);
  return { scenario: name, ...(url !== undefined && { target: url }), seed: String(seed) };
}

function metadataTexts(metadata: RunMetadata | undefined): Texts {
  if (!metadata) return {};
  const { versions, host, git } = metadata;
  return {
    ...(git?.revision !== undefined && { revision: `${git.revision.slice(0, 12)}${git.dirty ? ' with changes' : ''}` }),
    ...(git?.branch !== undefined && { branch: git.branch }),
    host: host.name,
    system: `${host.system}, ${host.cpus} CPUs, ${(host.memoryBytes / 1024 ** 3).toFixed(1)} GiB`,
    loads: versions.loads,
    node: versions.node,
  };
}

function withoutSecrets(text: string): string {
  const url = URL.parse(text);
  return url ? `${url.origin}${url.pathname}`.replace(/\/$/, '') : '';
}
