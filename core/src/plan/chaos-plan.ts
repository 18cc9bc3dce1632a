import { expandSchedule, type Timing } from '../schedule/expand-schedule.ts';
import { type RampStep, rampSteps } from '../schedule/ramp.ts';
import type { FaultSetting, ScheduleEntry } from '../schedule/schedule.ts';
import type { ChaosConfig, Config, FaultCatalog } from './config-schema.ts';
import { settingOf } from './fault-setting.ts';
import { didYouMean, type Problem } from './problem.ts';
import { isRemote } from './remote-proxy.ts';

/** The schedule of a run with all of its times settled, and the same for what stands elsewhere, by the name of the proxy. */
export type ChaosPlan = {
  readonly schedule: readonly ScheduleEntry[];
  /** Options go as they were written: what reads them is the proxy, which may have defaults of its own. */
  readonly remote: ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>;
};

type Context = { readonly catalog: FaultCatalog; readonly seed: number; readonly endMs: number };

/** Expands `chaos` into windows; what is wrong goes into `problems`, entry by entry. */
export function chaosPlan(config: Config, { catalog, seed, endMs }: Context, problems: Problem[]): ChaosPlan {
  const timings = config.chaos.map(timingOf);
  const { windows, problems: timingProblems } = expandSchedule(timings, { endMs, seed });
  const schedule: ScheduleEntry[] = [];
  const remote = new Map<string, Readonly<Record<string, unknown>>[]>();
  config.chaos.forEach((entry, index) => {
    const { proxy, optional } = entry;
    const path = ['chaos', index];
    const name = timings[index]?.name ?? '';
    if (timings.findIndex((timing) => timing.name === name) < index) {
      problems.push({ path: [...path, 'name'], message: `'${name}' is used twice` });
    }
    if (!Object.hasOwn(config.proxies, proxy)) {
      const hint = didYouMean(proxy, Object.keys(config.proxies));
      const message = `there is no proxy '${proxy}'${hint ? `; did you mean '${hint}'?` : ''}`;
      problems.push({ path: [...path, 'proxy'], message });
    }
    for (const one of timingProblems) {
      if (one.index === index) problems.push({ path: [...path, one.key], message: one.message });
    }
    const on = config.proxies[proxy];
    const elsewhere = on !== undefined && isRemote(on);
    // What a proxy that stands elsewhere speaks is known only there.
    const protocol = on?.protocol ?? (elsewhere ? undefined : 'tcp');
    const steps = stepsOf(entry, { path, protocol, catalog }, problems);
    const own = windows.filter((one) => one.index === index);
    if (own.length * steps.length > MOST_PARTS) {
      const message = `its windows and the steps of its ramp are ${own.length * steps.length} in all, and may be ${MOST_PARTS}`;
      problems.push({ path, message });
      return;
    }
    for (const window of own) {
      for (const { raw, setting, ...times } of steps) {
        const [atMs, { forMs, step }] = [window.atMs + times.atMs, times];
        const ofRamp = step === undefined ? {} : { step };
        schedule.push({ name, proxy, atMs, forMs, ...setting, ...ofRamp, ...(optional && { optional }) });
        const written = { ...raw, name, at: `${atMs}ms`, for: `${forMs}ms`, ...ofRamp };
        if (elsewhere) remote.set(proxy, [...(remote.get(proxy) ?? []), written]);
      }
    }
  });
  return { schedule, remote };
}

type Step = Omit<RampStep, 'behavior' | 'options'> & {
  readonly setting: FaultSetting;
  /** The behavior and its options as they were written. */
  readonly raw: Readonly<Record<string, unknown>>;
};

type Reading = {
  readonly path: readonly (string | number)[];
  readonly protocol: string | undefined;
  readonly catalog: FaultCatalog;
};

/** What is in force in one window of an entry: one step, or those of its ramp. */
function stepsOf(entry: ChaosConfig, { path, protocol, catalog }: Reading, problems: Problem[]): readonly Step[] {
  const steps = rampSteps(entry.behavior, optionsOf(entry), entry.for);
  if ('problems' in steps) {
    for (const problem of steps.problems) problems.push({ ...problem, path: [...path, ...problem.path] });
    return [];
  }
  const found: Problem[] = [];
  const read = steps.map(({ behavior, options, ...times }): Step => {
    // What is wrong with one step is wrong with others, too.
    const setting = settingOf({ spec: behavior, options, protocol }, path, catalog, found.length > 0 ? [] : found);
    return { ...times, setting, raw: { behavior, ...options } };
  });
  problems.push(...found);
  return read;
}

function timingOf({ name, at, for: forMs, every, times, within, after }: ChaosConfig, index: number): Timing {
  return {
    name: name ?? `chaos-${index + 1}`,
    forMs,
    atMs: at,
    after: isEntryName(after) ? after : undefined,
    everyMs: every,
    times,
    withinMs: within,
  };
}

/** The options of the behaviors: what is none of the entry's own keys. `after` is either: the behavior abort has one. */
function optionsOf(entry: ChaosConfig): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(entry).filter(([key]) => (key === 'after' ? !isEntryName(entry.after) : !OWN.has(key))),
  );
}

function isEntryName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z]/.test(value);
}

/** A plan travels to every node, and a schedule to every proxy that stands elsewhere. */
const MOST_PARTS = 2000;

/** The keys of an entry that are no options of its behaviors. */
const OWN: ReadonlySet<string> = new Set([
  'name',
  'at',
  'for',
  'proxy',
  'behavior',
  'every',
  'times',
  'within',
  'optional',
]);
