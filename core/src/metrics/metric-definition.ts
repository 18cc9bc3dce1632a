/** How the samples of a metric are aggregated. A `rate` is the share of ones among samples of 0 and 1. */
export type MetricKind = 'counter' | 'gauge' | 'rate' | 'trend' | 'set';

export type MetricDefinition = {
  readonly kind: MetricKind;
  readonly unit: 'ms' | 'bytes' | 'ratio' | '';
  readonly doc: string;
};
