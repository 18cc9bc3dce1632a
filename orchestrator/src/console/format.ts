/** Writes a latency the way a person reads it: `0.42ms`, `12.5ms`, `148ms`, `1.26s`. */
export function formatMs(ms: number): string {
  if (ms < 1) return `${ms.toFixed(2)}ms`;
  if (ms < 100) return `${ms.toFixed(1)}ms`;
  if (ms < 1000) return `${Math.round(ms)}ms`;
  return ms < 100_000 ? `${(ms / 1000).toFixed(2)}s` : `${Math.round(ms / 1000)}s`;
}

/** Writes a whole number with thousands: `81,204`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** Writes a rate per second: `412/s`, `3.5/s`. */
export function formatRate(perSecond: number): string {
  return `${perSecond >= 100 ? formatCount(perSecond) : Number(perSecond.toFixed(2))}/s`;
}

/** Writes a ratio (0-1) as a percentage: `0.3%`. */
export function formatRatio(ratio: number): string {
  return `${Number((ratio * 100).toFixed(2))}%`;
}

/** Writes a number of unknown unit, shortly. */
export function formatNumber(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(4)));
}

/** The word with the number, in singular or plural: `1 node`, `2 nodes`. */
export function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}
