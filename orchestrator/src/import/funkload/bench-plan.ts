import { LoadsError, type RunPlan } from '@loads/core';
import type { CycleWindow } from './bench-survey.ts';
import type { BenchFile } from './read-bench.ts';

/** What has to be the same in the files of one bench, as FunkLoad has it. */
const ALIKE = ['id', 'class', 'cycles', 'duration'] as const;

/** Configuration that has a place of its own, or that nobody asks for after the bench. */
const NO_LABEL: ReadonlySet<string> = new Set([
  ...[...ALIKE, 'description', 'class_title', 'class_description', 'module', 'method', 'sleep_time', 'startup_delay'],
  ...[
    'sleep_time_min',
    'sleep_time_max',
    'cycle_time',
    'configuration_file',
    'server_url',
    'log_xml',
    'node',
    'python_version',
  ],
]);
const LONGEST_LABEL = 256;

/** The plan of a bench as a run: its cycles are stages, with ramps where nothing was recorded. Throws ERR_IMPORT. */
export function benchPlan(files: readonly BenchFile[], cycles: readonly CycleWindow[], startMs: number): RunPlan {
  const [first, ...others] = files;
  if (!first) throw new LoadsError('ERR_IMPORT', 'there is no file');
  for (const other of others) {
    const key = ALIKE.find((one) => other.config.get(one) !== first.config.get(one));
    if (key !== undefined) {
      throw new LoadsError('ERR_IMPORT', `${first.file} and ${other.file} are no files of one bench: other ${key}`, {
        hint: 'import each as a run of its own; `loads compare` and `loads trend` show them together',
      });
    }
  }
  const { config } = first;
  const target = config.get('server_url') ?? '';
  const nodes = files.length;
  const profile = profileOf(cycles, startMs, nodes);
  const durationMs = profile.reduce((sum, { forMs }) => sum + forMs, 0);
  return {
    version: 1,
    name: nameOf(config),
    scenario: { kind: 'script', file: `${config.get('module') ?? 'funkload'}.${config.get('method') ?? 'test'}` },
    ...(URL.canParse(target) && { target }),
    nodes,
    workers: Math.max(1, ...cycles.map(({ users }) => users * nodes)),
    durationMs,
    load: [{ atMs: 0, durationMs, model: { kind: 'workers', profile } }],
    gracefulStopMs: 0,
    recoveryMs: 0,
    seed: 0,
    env: {},
    proxies: [],
    schedule: [],
    thresholds: [],
  };
}

/** What else the configuration of a bench says: its label and metadata, and FunkLoad's version. */
export function benchLabels({ version, config }: BenchFile): Readonly<Record<string, string>> {
  const own = [...config].filter(([key]) => !NO_LABEL.has(key));
  const all: readonly (readonly [string, string])[] = [['funkload', version ?? ''], ...own];
  return Object.fromEntries(
    all.flatMap(([key, value]) => {
      const name = key.replaceAll(/[^\w./-]/g, '_').slice(0, 63);
      const text = value
        .replaceAll(/\p{Cc}+/gu, ' ')
        .trim()
        .slice(0, LONGEST_LABEL);
      return /^[A-Za-z0-9]/.test(name) && text !== '' ? [[name, text]] : [];
    }),
  );
}

function nameOf(config: ReadonlyMap<string, string>): string {
  const name = (config.get('id') || config.get('method') || 'funkload').toLowerCase();
  return (
    name
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 40) || 'funkload'
  );
}

/** Users over all nodes. Between the windows of two cycles FunkLoad ended its users and began others. */
function profileOf(
  cycles: readonly CycleWindow[],
  startMs: number,
  nodes: number,
): { readonly forMs: number; readonly from: number; readonly to: number }[] {
  const profile: { forMs: number; from: number; to: number }[] = [];
  let atMs = startMs;
  for (const { users, fromMs, toMs } of cycles) {
    const to = users * nodes;
    const from = profile.at(-1)?.to;
    if (from !== undefined && fromMs > atMs) profile.push({ forMs: fromMs - atMs, from, to });
    // The first window is open when the first request begins.
    const beginMs = from === undefined ? atMs : Math.max(fromMs, atMs);
    profile.push({ forMs: Math.max(0, toMs - beginMs), from: to, to });
    atMs = Math.max(atMs, toMs);
  }
  return profile;
}
