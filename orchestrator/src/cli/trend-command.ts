import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { formatOfFile } from '../compare/comparison-formats.ts';
import { readTrend } from '../compare/read-trend.ts';
import { writeTrend } from '../compare/trend-formats.ts';
import { trendText } from '../compare/trend-text.ts';
import { plural } from '../console/format.ts';
import { prepareFile, writeOut } from '../exports/out-file.ts';
import { parseLabelFilters } from '../metadata/label-filter.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addComparisonOptions, type ComparisonFlags, toleranceOf } from './comparison-flags.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';

type TrendFlags = OutputFlags & ComparisonFlags & { last?: number; label?: string[] };

const LAST = 20;

/** Adds `loads trend`. */
export function addTrend(loads: Command, context: CliContext): void {
  const trend = loads
    .command('trend')
    .description('show how runs of one name follow each other')
    .argument('[name]', 'the name that their configuration gives them (default: that of the newest run)')
    .option('--last <n>', `the newest n of them (default: ${LAST})`, wholeNumber)
    .option(
      '--label <name[=value]>',
      'only those with this label; `search`, `matrix` and `sizing` are those of their runs; repeatable',
      (text: string, previous: string[] | undefined) => [...(previous ?? []), text],
    );
  addOutputOptions(addComparisonOptions(trend)).action(async (name: string | undefined, flags: TrendFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'trend');
    const { output, last = LAST, format = formatOfFile(output) } = flags;
    const tolerance = toleranceOf(flags);
    const labels = parseLabelFilters(flags.label ?? []);
    if (output !== undefined) await prepareFile(output);
    const found = await readTrend({ root: resolve(RUNS_ROOT), name, last, tolerance, labels });
    if (output !== undefined) {
      await writeOut(output, writeTrend(format, found.trend, found.notes), context.env);
      const path = resolve(output);
      const lines = [`trend of ${plural(found.trend.points.length, 'run')} of ${found.trend.name}`, `  ${path}`];
      terminal.result(lines, { type: 'trend', path, ...found });
    } else {
      const text =
        format === 'text'
          ? trendText(found.trend, found.notes, terminal.paint)
          : [writeTrend(format, found.trend, found.notes).trimEnd()];
      terminal.result(text, { type: 'trend', ...found });
    }
    context.exit(0);
  });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number of 1 or more.');
  return value;
}
