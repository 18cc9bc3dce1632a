import { type LadderUnit, LoadsError, parseDuration, parseRate } from '@loads/core';

/** Reads an amount of what varies: workers, arrivals per second, ms, percent. Throws ERR_USAGE. */
export function amountOf(vary: LadderUnit, flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const read = {
    workers: () => (/^\d+$/.test(text) ? Number(text) : undefined),
    rate: () => parseRate(text),
    sleep: () => parseDuration(text),
    percentage: () => percentText(text),
  }[vary]();
  const expected = {
    workers: 'a number of workers such as 50',
    rate: 'a rate such as 500/s',
    sleep: 'a duration such as 300ms',
    percentage: 'a percentage up to 100, such as 12.5',
  }[vary];
  const least = { workers: 1, rate: Number.MIN_VALUE, sleep: 1, percentage: 0.1 }[vary];
  if (read === undefined || read < least || (vary === 'percentage' && read > 100))
    throw usage(`${flag}: expected ${expected}, got '${text}'`);
  return read;
}

function percentText(text: string): number | undefined {
  const [, number] = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text.trim()) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** Reads a percentage below a limit. Throws ERR_USAGE. */
export function percentOf(flag: string, text: string | undefined, below: number): number | undefined {
  if (text === undefined) return undefined;
  const read = percentText(text);
  if (read === undefined || read >= below) throw usage(`${flag}: expected a percentage such as 5, got '${text}'`);
  return read;
}

/** Reads how often a level is tried. Throws ERR_USAGE. */
export function repeatsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d?$/.test(text)) throw usage(`--repeats: expected a whole number from 1 to 99, got '${text}'`);
  return Number(text);
}

function usage(message: string): LoadsError {
  return new LoadsError('ERR_USAGE', message);
}
