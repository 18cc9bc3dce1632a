import { LoadsError, parseDuration, TOLERATED, type Tolerance } from '@loads/core';
import { type Command, Option } from 'commander';
import { PAGE_FORMATS, type PageFormat } from '../compare/comparison-formats.ts';

/** Flags of the commands that compare runs. */
export type ComparisonFlags = {
  format?: PageFormat;
  output?: string;
  tolerance?: string;
  minDifference?: string;
};

/** Adds them. */
export function addComparisonOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-f, --format <format>', 'what is written (default: by the name of the file, else text)').choices([
        ...PAGE_FORMATS,
      ]),
    )
    .option('-o, --output <file>', 'where it is written (default: here)')
    .option('--tolerance <percent>', 'a change up to this does not matter (default: 5)')
    .option('--min-difference <time>', 'nor does one of durations below this (default: 1ms)');
}

/** What may change without being worth a word. Throws ERR_USAGE. `origin` is the flag that gave the percentage. */
export function toleranceOf(
  { tolerance, minDifference }: { tolerance?: string | undefined; minDifference?: string | undefined },
  origin = '--tolerance',
): Tolerance {
  const percent =
    tolerance === undefined ? TOLERATED.ratio * 100 : Number(/^(\d+(?:\.\d+)?)\s*%?$/.exec(tolerance)?.[1]);
  if (!(percent >= 0 && percent <= 1000)) {
    throw new LoadsError('ERR_USAGE', `${origin} '${tolerance}' is no percentage`, {
      hint: 'write it like `10` or `2.5%`',
    });
  }
  const leastMs = minDifference === undefined ? TOLERATED.leastMs : parseDuration(minDifference);
  if (leastMs === undefined) {
    throw new LoadsError('ERR_USAGE', `--min-difference '${minDifference}' is no duration`, {
      hint: 'write it like `1ms` or `0.2ms`',
    });
  }
  return { ratio: percent / 100, leastMs };
}
