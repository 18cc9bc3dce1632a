import { parseArgs } from 'node:util';

export type Flags = {
  readonly rounds: number;
  readonly seconds: number;
  /** Seconds at full rate to watch the memory instead of measuring; 0 for none. */
  readonly soak: number;
  /** Lets server and client go before all else on their cores, for a machine that is not quiet. */
  readonly realtime: boolean;
};

/** Nothing makes the load longer than this many rounds, or seconds in a round. */
const MOST = 60;
const LONGEST_SOAK = 7200;

/** Reads `--rounds N --seconds N --soak SECONDS`, whole numbers, and `--realtime`. Throws an Error for anything else. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '5' },
      soak: { type: 'string', default: '0' },
      realtime: { type: 'boolean', default: false },
    },
  });
  return {
    rounds: wholeNumber('--rounds', values.rounds, 1, MOST),
    seconds: wholeNumber('--seconds', values.seconds, 1, MOST),
    soak: wholeNumber('--soak', values.soak, 0, LONGEST_SOAK),
    realtime: values.realtime,
  };
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${flag}: expected a whole number from ${least} to ${most}, got '${text}'`);
}
