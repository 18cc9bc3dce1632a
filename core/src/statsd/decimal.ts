// Each digit can match in one way only, so a test takes linear time.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The finite number that a text writes in decimal, with an exponent or without; NaN for any other text. Never -0. */
export function parseDecimal(text: string): number {
  if (!DECIMAL.test(text)) return Number.NaN;
  const value = Number(text) + 0;
  return Number.isFinite(value) ? value : Number.NaN;
}
