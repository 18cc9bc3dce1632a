import { parseDecimal } from './decimal.ts';
import { MAX_WEIGHT } from './sample.ts';

/** How far 1 / rate may be from the whole number that is meant: 0.3333333 is one of 3. */
const ROUNDING = 1e-6;
/** The same relative to the weight, for rates so small that the precision of a double is what limits. */
const RELATIVE_ROUNDING = 4 * Number.EPSILON;

/**
 * How many samples a sampled one stands for: 1 / rate, as a whole number when it is within 1e-6 of one.
 * NaN when the text is no rate in (0, 1], or one too small to count with.
 */
export function weightOfRate(text: string): number {
  return weightOf(parseDecimal(text));
}

/**
 * The shortest rate that `weightOfRate` reads as exactly this weight, for whole weights up to 1e15. A plain decimal
 * without exponent, since the original statsd knows no other. A weight with a fraction gets the closest rate there is.
 */
export function rateOfWeight(weight: number): string {
  const known = shortWeights[weight];
  if (known !== undefined) return known;
  const text = findRate(weight);
  if (weight < SHORT_WEIGHTS && Number.isInteger(weight)) shortWeights[weight] = text;
  return text;
}

/** Every flush needs the same small weights again, and finding a rate takes ten times as long as looking it up. */
const SHORT_WEIGHTS = 4096;
const shortWeights: (string | undefined)[] = new Array<undefined>(SHORT_WEIGHTS).fill(undefined);

function findRate(weight: number): string {
  const rate = 1 / weight;
  for (let digits = 1; digits <= MOST_DIGITS; digits++) {
    if (!mayDo(rate, digits, weight)) continue;
    const text = rate.toFixed(digits);
    if (weightOf(Number(text)) === weight) return text;
  }
  return rate.toFixed(MOST_DIGITS);
}

/** Decimals after the point that show all digits of the rate of `MAX_WEIGHT`. */
const MOST_DIGITS = 33;
/** Powers of ten that a double holds exactly, so that a division by one of them rounds as the decimal text does. */
const EXACT_POWERS: readonly number[] = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** Tries a number of digits without the cost of a text, ten times faster. True when only the text can tell. */
function mayDo(rate: number, digits: number, weight: number): boolean {
  const power = EXACT_POWERS[digits];
  return power === undefined || weightOf(Math.round(rate * power) / power) === weight;
}

function weightOf(rate: number): number {
  if (!(rate > 0 && rate <= 1)) return Number.NaN;
  const weight = 1 / rate;
  if (weight > MAX_WEIGHT) return Number.NaN;
  const whole = Math.round(weight);
  return Math.abs(weight - whole) <= Math.max(ROUNDING, weight * RELATIVE_ROUNDING) ? whole : weight;
}
