/** The samples of a stretch of time, and how many of them have what is looked at. */
export type Batch = { readonly count: number; readonly marked: number };

/** Fewer batches do not tell how much they differ. */
const FEWEST = 5;

/**
 * How many samples are worth one independent one, 1 or more (Kish, "Survey Sampling", 1965). Requests of one moment are alike:
 * when the machine pauses, all of them wait. So the proportion of marked samples scatters more from batch to batch than by
 * chance, and by how much more is the design effect (the ratio estimator over clusters, for what it is by chance the binomial
 * variance). Without it intervals of load tests are far too narrow.
 */
export function designEffect(batches: readonly Batch[]): number {
  const filled = batches.filter(({ count }) => count > 0);
  if (filled.length < FEWEST) return 1;
  const count = filled.reduce((sum, batch) => sum + batch.count, 0);
  const share = filled.reduce((sum, batch) => sum + batch.marked, 0) / count;
  const byChance = count * share * (1 - share);
  if (!(byChance > 0)) return 1;
  const squares = filled.reduce((sum, batch) => sum + (batch.marked - share * batch.count) ** 2, 0);
  return Math.max(1, ((filled.length / (filled.length - 1)) * squares) / byChance);
}
