import type { Change, Comparison, FigureName, PartComparison, RunBrief } from '@loads/core';
import { formatCount, oneLine } from '../console/format.ts';
import type { Paint } from '../console/paint.ts';
import { type Cell, table } from '../console/table.ts';
import { widthOf } from '../console/width.ts';
import { FAULT_COLUMNS, faultCells } from './fault-text.ts';
import {
  CHANGE_WORDS,
  changedParts,
  changesText,
  countsText,
  differenceText,
  fromTo,
  loadText,
  nameOfPart,
  separationText,
  whenOfPart,
} from './figure-text.ts';

const INDENT = '  ';

/** A comparison as text: the tables, what changed, and at the end the verdict. */
export function comparisonText(
  comparison: Comparison,
  notes: readonly string[],
  { paint, columns }: { paint: Paint; columns: number },
): readonly string[] {
  const { a, b, change } = comparison;
  const separation = separationText(comparison);
  const sections: readonly (readonly string[])[] = [
    [...runLines('A', a, paint), ...runLines('B', b, paint)],
    titled('not alike', unlikeLines(comparison, paint), paint),
    titled('parts', partLines(comparison, paint, columns), paint),
    titled('faults', faultLines(comparison, paint), paint),
    titled('thresholds', thresholdLines(comparison, paint), paint),
    titled('what changed', changeLines(comparison, paint), paint),
    [
      `${paint.strong(painted(change, CHANGE_WORDS[change].toUpperCase(), paint))}  B against A: ${countsText(comparison)}`,
      ...(separation === undefined ? [] : [`${INDENT}${separation}`]),
      ...notes.map((note) => `${INDENT}${paint.warn('note:')} ${note}`),
    ],
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

/** A word in the colour of what it says. */
export function painted(change: Change, text: string, paint: Paint): string {
  if (change === 'worse') return paint.bad(text);
  if (change === 'better') return paint.good(text);
  return change === 'same' ? text : paint.warn(text);
}

function titled(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : [paint.strong(title), ...lines.map((line) => `${INDENT}${line}`)];
}

function runLines(side: string, brief: RunBrief, paint: Paint): readonly string[] {
  const { run, outcome, labels } = brief;
  const texts = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [[paint.strong(side), run, outcome.toUpperCase(), loadText(brief), ...texts.map(paint.faint)].join('  ')];
}

function unlikeLines({ unlike }: Comparison, paint: Paint): readonly string[] {
  const rows = unlike.map(({ what, a = '-', b = '-', load }) => [
    { text: oneLine(what), paint: load ? paint.warn : undefined },
    { text: `${oneLine(a, 100)} → ${oneLine(b, 100)}`, left: true },
  ]);
  const warned = unlike.some(({ load }) => load)
    ? [paint.warn('the load or the faults differ: figures may differ because of that, and not because of the service')]
    : [];
  return [...table(rows), ...warned];
}

const FIGURES: readonly FigureName[] = ['p50', 'p95', 'p99', 'failures'];

/** As much of the table as there is room for: values and differences, or the differences alone. */
function partLines({ parts }: Comparison, paint: Paint, columns: number): readonly string[] {
  if (parts.length === 0) return [];
  const tables = [true, false].map((full) =>
    table([
      ['', '', 'samples', ...FIGURES, 'verdict'].map((text, i) => ({ text, paint: paint.faint, left: i === 1 })),
      ...parts.map((part): (Cell | string)[] => [
        nameOfPart(part),
        { text: whenOfPart(part), left: true },
        full ? `${formatCount(part.samples.a)} → ${formatCount(part.samples.b)}` : formatCount(part.samples.b),
        ...FIGURES.map((name) => figureCell(part, name, full, paint)),
        { text: CHANGE_WORDS[part.change], paint: (text) => painted(part.change, text, paint) },
      ]),
    ]),
  );
  const fits = (lines: readonly string[]): boolean => lines.every((line) => INDENT.length + widthOf(line) <= columns);
  return tables.find(fits) ?? tables.at(-1) ?? [];
}

function figureCell({ figures }: PartComparison, name: FigureName, full: boolean, paint: Paint): Cell {
  const one = figures.find(({ figure }) => figure === name);
  if (!one) return { text: '-' };
  const text = full ? `${fromTo(one)} ${differenceText(one)}` : differenceText(one);
  const told = one.judged && (one.change === 'worse' || one.change === 'better');
  return { text, paint: told ? (cell) => painted(one.change, cell, paint) : undefined };
}

function faultLines(comparison: Comparison, paint: Paint): readonly string[] {
  const { faults } = comparison;
  if (faults.length === 0) return [];
  return table([
    ['', ...FAULT_COLUMNS, 'verdict'].map((text) => ({ text, paint: paint.faint })),
    ...faults.map((one): (Cell | string)[] => [
      oneLine(one.fault),
      ...faultCells(comparison, one),
      one.change === undefined
        ? '-'
        : { text: CHANGE_WORDS[one.change], paint: (text) => painted(one.change ?? 'same', text, paint) },
    ]),
  ]);
}

function thresholdLines({ thresholds }: Comparison, paint: Paint): readonly string[] {
  return thresholds.map(({ metric, expression, b }) =>
    b
      ? `${paint.good('✓')} ${metric}  ${expression}  holds in B, and did not in A`
      : `${paint.bad('✗')} ${metric}  ${expression}  held in A, and does not in B`,
  );
}

function changeLines(comparison: Comparison, paint: Paint): readonly string[] {
  return changedParts(comparison).map((part) => {
    const what = `${nameOfPart(part)}, ${whenOfPart(part)}`;
    return `${painted(part.change, part.change, paint)}  ${what}: ${changesText(part)}`;
  });
}
