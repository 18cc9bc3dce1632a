import { bucketMeasurement, cumulativeMeasurement, REQUEST_METRICS } from '@loads/core';
import { variable } from './filters.ts';

/** What a query of requests reads: how they ended, how long they took, and two kinds of buckets of that. */
export type OfRequests = 'failed' | 'durations' | 'buckets' | 'cumulative';

const MEASUREMENTS_OF: Readonly<Record<OfRequests, (metrics: (typeof REQUEST_METRICS)[number]) => string>> = {
  failed: ({ failed }) => failed,
  durations: ({ duration }) => duration,
  buckets: ({ duration }) => bucketMeasurement(duration),
  cumulative: ({ duration }) => cumulativeMeasurement(duration),
};

/** The pattern of the one measurement, or metric, that holds this of the chosen protocol's requests. */
export function requestMeasurement(of: OfRequests): string {
  const endings = REQUEST_METRICS.map((metrics) => MEASUREMENTS_OF[of](metrics).slice(metrics.protocol.length + 1));
  return `/^${variable('protocol', 'regex')}_(${[...new Set(endings)].join('|')})$/`;
}

/** The pattern of the measurements that tell how requests of any protocol ended. */
export const ALL_PROTOCOLS: string = `/^(${REQUEST_METRICS.map(({ failed }) => failed).join('|')})$/`;

/** How Grafana reads the protocol out of the name of such a measurement. */
export const PROTOCOL_OF: string = `/^(${REQUEST_METRICS.map(({ protocol }) => protocol).join('|')})_/`;
