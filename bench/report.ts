/** What one competitor reached, higher is better. */
export type Figure = { readonly name: string; readonly value: number };

/** The middle of the values, or the mean of the two in the middle. Throws a RangeError when there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('there is no median of no values');
  return (lower + upper) / 2;
}

/** How our figure stands to another: `0.53x` is about half of it. */
export function ratioText(ours: number, theirs: number): string {
  return `${(ours / theirs).toFixed(2)}x`;
}

/** One line for each competitor, ours first: name, figure, and what our figure is of it. */
export function ratioLines(ours: Figure, others: readonly Figure[], unit: string): readonly string[] {
  const figures = [ours, ...others];
  const texts = figures.map(({ value }) => Math.round(value).toLocaleString('en-US'));
  const nameWidth = Math.max(...figures.map(({ name }) => name.length));
  const textWidth = Math.max(...texts.map((text) => text.length));
  return figures.map(({ name, value }, i) => {
    const figure = `${(texts[i] ?? '').padStart(textWidth)} ${unit}`;
    return `${name.padEnd(nameWidth)}  ${figure}  ${ratioText(ours.value, value)}`;
  });
}
