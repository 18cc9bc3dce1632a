import { compareFaults, separatingFault } from './compare-faults.ts';
import { compareParts } from './compare-parts.ts';
import type { Comparison, PartComparison, ThresholdChange, Tolerance, Unlike } from './comparison.ts';
import { CONFIDENCE } from './estimate.ts';
import { overall } from './judge-figure.ts';
import { type Part, type PartFigures, partKey, type RunBrief, type RunFigures } from './run-figures.ts';

/** What is taken for no change where the user says nothing: 5 %, and whatever is below a millisecond. */
export const TOLERATED: Tolerance = { ratio: 0.05, leastMs: 1 };

/** Compares one part of what was before with the same part of what is judged. */
export type CompareParts = (a: PartFigures, b: PartFigures) => PartComparison;

/** Compares two runs part by part; `a` is what was before. What they measure is merged already, so figures are exact. */
export function compareRuns(
  a: RunFigures,
  b: RunFigures,
  tolerance: Tolerance = TOLERATED,
  compare: CompareParts = (one, other) => compareParts(one, other, tolerance),
): Comparison {
  const before = new Map(a.parts.map((part) => [partKey(part), part]));
  const parts = b.parts.flatMap((part) => {
    const other = before.get(partKey(part));
    return other ? [compare(other, part)] : [];
  });
  const faults = compareFaults(a, b, parts);
  const separatedBy = separatingFault(parts, faults);
  return {
    version: 1,
    a: briefOf(a),
    b: briefOf(b),
    tolerance,
    confidence: CONFIDENCE.level,
    change: overall(parts.map(({ change }) => change)),
    parts,
    faults,
    ...(separatedBy !== undefined && { separatedBy }),
    thresholds: thresholdChanges(a, b),
    unlike: [...unlikeIn(a.load, b.load, true), ...unlikeIn(a.made, b.made, false)],
    onlyInA: without(a.parts, b.parts),
    onlyInB: without(b.parts, a.parts),
  };
}

function briefOf({ parts: _parts, faults: _faults, thresholds: _thresholds, ...brief }: RunFigures): RunBrief {
  return brief;
}

function without(parts: readonly Part[], others: readonly Part[]): readonly Part[] {
  const known = new Set(others.map(partKey));
  return parts
    .filter((part) => !known.has(partKey(part)))
    .map(({ metric, name, phase, fault }) => ({ metric, name, phase, fault }));
}

function thresholdChanges(a: RunFigures, b: RunFigures): readonly ThresholdChange[] {
  return b.thresholds.flatMap(({ metric, expression, ok }) => {
    const other = a.thresholds.find((one) => one.metric === metric && one.expression === expression);
    return other && other.ok !== ok ? [{ metric, expression, a: other.ok, b: ok }] : [];
  });
}

type Texts = Readonly<Record<string, string>>;

function unlikeIn(a: Texts, b: Texts, load: boolean): readonly Unlike[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap((what) => (a[what] === b[what] ? [] : [{ what, a: a[what], b: b[what], load }]));
}
