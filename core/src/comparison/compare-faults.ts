import type { Effect } from '../recovery/window-recovery.ts';
import type { FaultComparison, FaultSide, FigureChange, FigureName, PartComparison } from './comparison.ts';
import type { RunFigures } from './run-figures.ts';

/** What the entries of the schedules did to either run, in the order of `b`'s schedule; those that only `a` had come last. */
export function compareFaults(
  a: RunFigures,
  b: RunFigures,
  parts: readonly PartComparison[],
): readonly FaultComparison[] {
  const names = new Set([...faultsOf(b), ...faultsOf(a)]);
  return [...names].map((fault) => ({
    fault,
    change: partOf(parts, fault)?.change,
    a: sideOf(a, fault),
    b: sideOf(b, fault),
  }));
}

/**
 * The fault under which two runs differ most: by its share of failures where that differs for certain, else by its durations,
 * else by what it did to the service. Undefined where they differ under none.
 */
export function separatingFault(
  parts: readonly PartComparison[],
  faults: readonly FaultComparison[],
): string | undefined {
  const ranked = faults
    .map((one) => ({ fault: one.fault, weight: weightOf(one, partOf(parts, one.fault)) }))
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight);
  return ranked[0]?.fault;
}

const HARM: Readonly<Record<Effect, number>> = { unknown: 0, none: 0, degraded: 1, collapsed: 2 };

/** Failures count 1 to 2, durations up to 1, effects less than either. */
function weightOf({ a, b }: FaultComparison, part: PartComparison | undefined): number {
  const failures = certain(part, 'failures');
  if (failures) return 1 + Math.abs(failures.b - failures.a);
  const duration = certain(part, 'p95') ?? certain(part, 'p50');
  if (duration) {
    // Twice as long and half as long are equally far.
    const octaves = Math.abs(Math.log2(Math.max(duration.b, 1e-3) / Math.max(duration.a, 1e-3)));
    return 0.1 + (0.9 * octaves) / (1 + octaves);
  }
  return 0.04 * Math.abs(HARM[a?.effect ?? 'unknown'] - HARM[b?.effect ?? 'unknown']);
}

function certain(part: PartComparison | undefined, name: FigureName): FigureChange | undefined {
  return part?.figures.find(({ figure, change }) => figure === name && (change === 'worse' || change === 'better'));
}

function partOf(parts: readonly PartComparison[], fault: string): PartComparison | undefined {
  return parts.find((part) => part.fault === fault && part.name === undefined);
}

function faultsOf({ parts, faults }: RunFigures): readonly string[] {
  return [...faults.map(({ fault }) => fault), ...parts.flatMap(({ fault }) => fault ?? [])];
}

function sideOf({ parts, faults }: RunFigures, fault: string): FaultSide | undefined {
  const outcome = faults.find((one) => one.fault === fault);
  if (outcome) {
    const { effect, failedBecause, recoveryMs } = outcome;
    return { effect, failedBecause, recoveryMs };
  }
  return parts.some((part) => part.fault === fault) ? {} : undefined;
}
