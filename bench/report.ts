/** What one competitor reached in each round, higher is better. */
export type Figures = { readonly name: string; readonly values: readonly number[] };

/** The middle of the values, or the mean of the two in the middle. Throws a RangeError when there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('there is no median of no values');
  return (lower + upper) / 2;
}

/**
 * What our figure is of another, by rounds: the median of the ratios within each round. Both were measured within seconds
 * of each other there, so what else happens on the machine touches both.
 */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.flatMap((value, round) => (theirs[round] === undefined ? [] : [value / theirs[round]])));
}

/** One line for each competitor, ours first: name, median of its figures by round, and what ours are of them (`0.53x`). */
export function ratioLines(ours: Figures, others: readonly Figures[], unit: string): readonly string[] {
  const all = [ours, ...others];
  const texts = all.map(({ values }) => Math.round(median(values)).toLocaleString('en-US'));
  const nameWidth = Math.max(...all.map(({ name }) => name.length));
  const textWidth = Math.max(...texts.map((text) => text.length));
  return all.map(({ name, values }, i) => {
    const figure = `${(texts[i] ?? '').padStart(textWidth)} ${unit}`;
    return `${name.padEnd(nameWidth)}  ${figure}  ${pairedRatio(ours.values, values).toFixed(2)}x`;
  });
}
