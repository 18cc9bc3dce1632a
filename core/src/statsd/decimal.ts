// Each digit can match in one way only, so a test takes linear time.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The finite number that a text writes in decimal, with an exponent or without; NaN for any other text. Never -0. */
export function parseDecimal(text: string): number {
  const plain = plainDecimal(text);
  if (plain >= 0) return plain;
  if (!DECIMAL.test(text)) return Number.NaN;
  const value = Number(text) + 0;
  return Number.isFinite(value) ? value : Number.NaN;
}

const DOT = 0x2e;
const ZERO = 0x30;
/** Digits that a double holds as a whole number, whatever they are, and powers of ten likewise. */
const EXACT_DIGITS = 15;
const POWERS: readonly number[] = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/**
 * Reads the usual digits with a point among them several times faster; -1 for anything else. Both parts of the division
 * are exact, so that its result is the double next to the decimal (Clinger, How to read floating point numbers accurately).
 */
function plainDecimal(text: string): number {
  const { length } = text;
  if (length === 0 || length > EXACT_DIGITS + 1) return -1;
  let digits = 0;
  let point = -1;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (digit === DOT - ZERO && point === -1 && i > 0) point = i;
    else return -1;
  }
  if (point === -1) return length > EXACT_DIGITS ? -1 : digits;
  return digits / (POWERS[length - 1 - point] ?? 1);
}
