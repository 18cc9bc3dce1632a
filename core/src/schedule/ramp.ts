import { parseDuration } from '../plan/duration.ts';
import type { Problem } from '../plan/problem.ts';

/** What is in force in one step of an entry: from `atMs` after its begin, for `forMs`. */
export type RampStep = {
  readonly atMs: number;
  readonly forMs: number;
  /** Its place in the ramp, from 0; undefined where there is none. */
  readonly step?: number | undefined;
  readonly behavior: string;
  readonly options: Readonly<Record<string, unknown>>;
};

type Ramp = { readonly from: number; readonly to: number; readonly unit: 'ms' | '' };

/** Options that are objects of their own, and no ramps. */
const NO_RAMPS: ReadonlySet<string> = new Set(['match']);

/**
 * Cuts an entry of `forMs` into steps when an option, or `percent`, goes `{ from, to }`: steps of a second, at least 10 and at
 * most 60, of which the first has `from` and the last `to`. An entry without a ramp is one step.
 */
export function rampSteps(
  behavior: string,
  given: Readonly<Record<string, unknown>>,
  forMs: number,
): readonly RampStep[] | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const ramps = new Map<string, Ramp>();
  for (const [key, value] of Object.entries(given)) {
    if (NO_RAMPS.has(key) || !isRamp(value)) continue;
    const ramp = readRamp(value);
    if (ramp) ramps.set(key, ramp);
    else problems.push({ path: [key], message: 'expected two numbers, or two durations such as 0ms and 300ms' });
  }
  const { percent: _, ...options } = given;
  const percent = given.percent === undefined ? undefined : (ramps.get('percent') ?? given.percent);
  if (percent !== undefined && !isPercent(percent)) {
    problems.push({ path: ['percent'], message: 'expected `{ from, to }` with numbers from 0 to 100' });
  } else if (percent !== undefined && /[:,]/.test(behavior)) {
    problems.push({
      path: ['percent'],
      message: 'a ramp of the share needs one behavior without a share, such as `delay`',
    });
  }
  if (problems.length > 0) return { problems };
  if (ramps.size === 0) return [{ atMs: 0, forMs, behavior, options }];
  const count = Math.max(2, Math.min(Math.max(10, Math.ceil(forMs / 1000)), 60, Math.floor(forMs / 10)));
  return Array.from({ length: count }, (__, step): RampStep => {
    const [atMs, endMs] = [Math.round((forMs * step) / count), Math.round((forMs * (step + 1)) / count)];
    const at = [...ramps].map(([key, ramp]) => [key, valueAt(ramp, step / (count - 1))]);
    const { percent: share, ...values } = { ...options, ...Object.fromEntries(at) } as Record<string, unknown>;
    const spec = share === undefined ? behavior : `${share}:${behavior}`;
    return { atMs, forMs: endMs - atMs, step, behavior: spec, options: values };
  }).filter((one) => one.behavior === behavior || !one.behavior.startsWith('0:'));
}

function isRamp(value: unknown): value is { readonly from: unknown; readonly to: unknown } {
  return (
    typeof value === 'object' && value !== null && 'from' in value && 'to' in value && Object.keys(value).length === 2
  );
}

function isPercent(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('from' in value && 'to' in value)) return false;
  return [value.from, value.to].every((one) => typeof one === 'number' && one >= 0 && one <= 100);
}

/** Two numbers are numbers; with a unit at either end both are durations. */
function readRamp({ from, to }: { readonly from: unknown; readonly to: unknown }): Ramp | undefined {
  if (typeof from === 'number' && typeof to === 'number') return { from, to, unit: '' };
  const [first, last] = [durationOf(from), durationOf(to)];
  return first === undefined || last === undefined ? undefined : { from: first, to: last, unit: 'ms' };
}

function durationOf(value: unknown): number | undefined {
  if (value === 0) return 0;
  return typeof value === 'string' && /[a-z]/.test(value) ? parseDuration(value) : undefined;
}

/** Whole numbers stay whole: a count of bytes has no fractions. */
function valueAt({ from, to, unit }: Ramp, part: number): string | number {
  const value = from + (to - from) * part;
  const whole = unit === '' && Number.isInteger(from) && Number.isInteger(to);
  const rounded = whole ? Math.round(value) : Number(value.toFixed(3));
  return unit === '' ? rounded : `${rounded}ms`;
}
