/** The quantiles that are compared. */
export type QuantileName = 'p50' | 'p95' | 'p99';

export const QUANTILES: Readonly<Record<QuantileName, number>> = { p50: 0.5, p95: 0.95, p99: 0.99 };
