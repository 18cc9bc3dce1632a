import { resolve } from 'node:path';
import { compareSides, EXIT } from '@loads/core';
import type { Command } from 'commander';
import { formatOfFile, writeComparison } from '../compare/comparison-formats.ts';
import { comparisonText } from '../compare/comparison-text.ts';
import { countsText } from '../compare/figure-text.ts';
import { notesOfSides, openSide } from '../compare/open-side.ts';
import { prepareFile, writeOut } from '../exports/out-file.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addComparisonOptions, type ComparisonFlags, toleranceOf } from './comparison-flags.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';

type CompareFlags = OutputFlags & ComparisonFlags & { failOnRegression?: boolean; force?: boolean };

const EXAMPLES = `
Examples:
  loads compare loads.baseline.json                 the newest run against a baseline
  loads compare 20261120 20261121 -o comparison.html
  loads compare A1,A2,A3 B1,B2,B3                   several runs of each, and how they differ among themselves
  loads compare version=1 version=2                 all runs with a label
  loads compare A B --fail-on-regression --tolerance 10`;

/** Adds `loads compare`. */
export function addCompare(loads: Command, context: CliContext): void {
  const compare = loads
    .command('compare')
    .description('say whether a run is better or worse than one before, by request, phase and fault')
    .argument(
      '<a>',
      'what was before: a run (its id, the beginning of its id, its folder), a baseline file, several of them (A1,A2,A3), or a label (version=1)',
    )
    .argument('[b]', 'what is judged, named likewise (default: the newest run)');
  addOutputOptions(
    addComparisonOptions(compare)
      .option('--fail-on-regression', 'exit with 99 when it is worse')
      .option('--force', 'compare runs that are INVALID or damaged, too'),
  )
    .addHelpText('after', EXAMPLES)
    .action(async (nameA: string, nameB: string | undefined, flags: CompareFlags) => {
      const terminal = terminalOf(flags, context);
      refuseCommand(context, 'compare');
      const tolerance = toleranceOf(flags);
      const { output, force = false, format = formatOfFile(output) } = flags;
      if (output !== undefined) await prepareFile(output);
      const places = { root: resolve(RUNS_ROOT), force };
      const a = await openSide(nameA, places);
      const b = await openSide(nameB, places);
      const comparison = compareSides(a.runs, b.runs, tolerance);
      const notes = [...new Set([...a.notes, ...b.notes, ...notesOfSides(a, b)])];
      if (output !== undefined) {
        await writeOut(output, writeComparison(format, comparison, notes), context.env);
        const lines = [`${comparison.change}: ${countsText(comparison)}`, `  ${resolve(output)}`];
        terminal.result(lines, { type: 'comparison', path: resolve(output), notes, comparison });
      } else {
        const text =
          format === 'text'
            ? comparisonText(comparison, notes, terminal)
            : [writeComparison(format, comparison, notes).trimEnd()];
        terminal.result(text, { type: 'comparison', notes, comparison });
      }
      context.exit(flags.failOnRegression && comparison.change === 'worse' ? EXIT.thresholdCrossed : EXIT.passed);
    });
}
