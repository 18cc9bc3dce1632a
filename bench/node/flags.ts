import { parseArgs } from 'node:util';

export type Flags = { readonly rounds: number; readonly seconds: number };

/** No flag can make the load longer than this many rounds, or seconds in a round. */
const MOST = 60;

/** Reads `--rounds N --seconds N`, whole numbers from 1 to 60. Throws an Error for anything else. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '5' } },
  });
  return { rounds: wholeNumber('--rounds', values.rounds), seconds: wholeNumber('--seconds', values.seconds) };
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= MOST) return value;
  throw new Error(`${flag}: expected a whole number from 1 to ${MOST}, got '${text}'`);
}
