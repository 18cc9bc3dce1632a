import type { Comparison, FigureName, RunBrief } from '@loads/core';
import { formatCount } from '../console/format.ts';
import { markdownTable, markdownText as plain } from '../exports/markdown/markdown.ts';
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

const SIGNS = { better: '🟢', same: '⚪', worse: '🔴', 'too-few': '🟡' } as const;
const FIGURES: readonly FigureName[] = ['p50', 'p95', 'p99', 'failures'];

/** A comparison as GitHub Flavored Markdown, for a pull request or the summary of a CI job: the verdict first. */
export function comparisonMarkdown(comparison: Comparison, notes: readonly string[]): string {
  const { a, b, change, parts, faults, unlike, thresholds } = comparison;
  const separation = separationText(comparison);
  const changed = changedParts(comparison);
  const blocks: readonly (readonly string[])[] = [
    [`## ${SIGNS[change]} ${plain(b.name)}: ${CHANGE_WORDS[change]}`],
    [`B (${briefText(b)}) against A (${briefText(a)}): ${countsText(comparison)}.`],
    separation === undefined ? [] : [`**${plain(separation)}**`],
    changed.map(
      (part) =>
        `- ${SIGNS[part.change]} ${part.change}: ${plain(`${nameOfPart(part)}, ${whenOfPart(part)}: ${changesText(part)}`)}`,
    ),
    thresholds.map(
      ({ metric, expression, b: holds }) =>
        `- ${SIGNS[holds ? 'better' : 'worse']} threshold ${plain(`${metric} ${expression}`)} ${holds ? 'holds in B, and did not in A' : 'held in A, and does not in B'}`,
    ),
    notes.map((note) => `> ${plain(note)}`),
    parts.length === 0
      ? []
      : markdownTable(
          ['part', 'samples', ...FIGURES, 'verdict'],
          parts.map((part) => [
            plain(`${nameOfPart(part)}, ${whenOfPart(part)}`),
            `${formatCount(part.samples.a)} → ${formatCount(part.samples.b)}`,
            ...FIGURES.map((name) => {
              const one = part.figures.find(({ figure }) => figure === name);
              return one ? plain(`${fromTo(one)} (${differenceText(one)})`) : '-';
            }),
            `${SIGNS[part.change]} ${CHANGE_WORDS[part.change]}`,
          ]),
          [1, 2, 3, 4, 5],
        ),
    faults.length === 0
      ? []
      : markdownTable(
          ['fault', ...FAULT_COLUMNS],
          faults.map((one) => [one.fault, ...faultCells(comparison, one)].map(plain)),
        ),
    unlike.length === 0
      ? []
      : markdownTable(
          ['not alike', 'A', 'B'],
          unlike.map(({ what, a: before = '-', b: after = '-' }) => [what, before, after].map(plain)),
        ),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n\n`;
}

function briefText(brief: RunBrief): string {
  return `${plain(brief.run)}, ${brief.outcome}, ${loadText(brief)}`;
}
