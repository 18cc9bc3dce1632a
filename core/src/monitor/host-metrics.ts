import type { MetricDefinition } from '../metrics/metric-definition.ts';
import type { Series } from '../metrics/series.ts';

/** What is known of the hosts that a run watches, tagged `host`. Values of plug-ins are `host_<plugin>_<value>`. */
export const HOST_METRICS: Readonly<Record<string, MetricDefinition>> = {
  host_cpu: { kind: 'gauge', unit: 'ratio', doc: 'CPU of a watched host, 1 = all of its cores.' },
  host_memory: {
    kind: 'gauge',
    unit: 'ratio',
    doc: 'Share of the memory of a watched host that programs cannot have.',
  },
  host_swap: { kind: 'gauge', unit: 'bytes', doc: 'Swap that a watched host uses.' },
  host_load: { kind: 'gauge', unit: '', doc: 'Load average of a watched host over a minute.' },
  host_net_in: { kind: 'gauge', unit: 'bytes', doc: 'Bytes per second that a watched host received.' },
  host_net_out: { kind: 'gauge', unit: 'bytes', doc: 'Bytes per second that a watched host sent.' },
  host_missed: { kind: 'counter', unit: '', doc: 'Samples that a watched host did not give, by reason.' },
  host_refused: { kind: 'counter', unit: '', doc: 'Values that plug-ins of a watched host did not give, or in vain.' },
};

/** The tag that says of which host a sample is. */
export const HOST_TAG = 'host';

/** Whether a series is about a watched host. */
export function isOfHost({ metric, tags }: Pick<Series, 'metric' | 'tags'>): boolean {
  return metric.startsWith('host_') && tags[HOST_TAG] !== undefined;
}

/** The name of such a series as a threshold writes it, `host_cpu{host:db}`: hosts are not one another's mean. */
export function hostSelector({ metric, tags }: Pick<Series, 'metric' | 'tags'>): string {
  const named = [HOST_TAG, 'reason'].flatMap((tag) => (tags[tag] === undefined ? [] : [`${tag}:${tags[tag]}`]));
  return `${metric}{${named.join(',')}}`;
}
