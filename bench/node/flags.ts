import { parseArgs } from 'node:util';

export type Flags = {
  /** How long each client is measured. */
  readonly seconds: number;
  /** Seconds at full rate to watch the memory instead of measuring; 0 for none. */
  readonly soak: number;
  /** Lets server and client go before all else on their cores, for a machine that is not quiet. */
  readonly realtime: boolean;
};

/** Nothing makes the load of a client longer than this, s. */
const LONGEST = 300;
const LONGEST_SOAK = 7200;

/** Reads `--seconds N --soak SECONDS`, whole numbers, and `--realtime`. Throws an Error for anything else. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '15' },
      soak: { type: 'string', default: '0' },
      realtime: { type: 'boolean', default: false },
    },
  });
  return {
    seconds: wholeNumber('--seconds', values.seconds, 1, LONGEST),
    soak: wholeNumber('--soak', values.soak, 0, LONGEST_SOAK),
    realtime: values.realtime,
  };
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${flag}: expected a whole number from ${least} to ${most}, got '${text}'`);
}
