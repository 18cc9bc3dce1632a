import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { mergedPercentile, type PercentileQuery, worstNodePercentile } from '../influxql/percentiles.ts';
import { timeSeries } from '../influxql/query.ts';
import { seriesPanel } from './series-panel.ts';

const PERCENTS = [50, 95, 99] as const;
const COLORS = { p50: 'green', p95: 'orange', p99: 'red' } as const;

/** Two steps of the cumulative buckets: every window holds one of each node at least. */
const SHORTEST_WINDOW = '10s';
const WINDOW = 'time($__interval)';

/** Percentiles over time that one node with all the load would have measured. */
export function mergedLatencyPanel(where: string, span: number): PanelBuilder {
  return seriesPanel({
    title: 'Latency, all nodes merged',
    description:
      'p50, p95 and p99 over all requests of all nodes in each window, from the sum of their buckets: the upper bound of the bucket that the percentile is in (26 % wide). Nothing is averaged. Above 10 s there is one bucket. A point every 5 s; every 30 s after 10 minutes of a run, and every minute after an hour.',
    unit: 'ms',
    span,
    interval: SHORTEST_WINDOW,
    connected: true,
    colors: COLORS,
    queries: PERCENTS.map((percent) => timeSeries(mergedPercentile({ percent, over: 'all', where, window: WINDOW }))),
  });
}

/** The same for whichever node is worst in each window. */
export function worstNodeLatencyPanel(where: string, span: number): PanelBuilder {
  return seriesPanel({
    title: 'Latency, worst node',
    description:
      'In each window the highest p50, p95 and p99 that a single node had, from its own buckets (upper bound, 26 % wide). Where this is far above "all nodes merged", one node is slow, or what lies between it and the service.',
    unit: 'ms',
    span,
    interval: SHORTEST_WINDOW,
    connected: true,
    colors: COLORS,
    queries: PERCENTS.map((percent) =>
      timeSeries(worstNodePercentile({ percent, over: 'all', where, window: WINDOW })),
    ),
  });
}

/** p95 over time for each value of a tag; of each request by its name, or of all together. */
export function latencyByPanel(
  tag: string,
  title: string,
  { over, where, span }: Pick<PercentileQuery, 'over' | 'where'> & { readonly span: number },
): PanelBuilder {
  return seriesPanel({
    title,
    description: `p95 of each ${tag}, merged over all else, from the sum of its buckets: the upper bound of the bucket that it is in (26 % wide).`,
    unit: 'ms',
    span,
    interval: SHORTEST_WINDOW,
    connected: true,
    queries: [timeSeries(mergedPercentile({ percent: 95, over, where, window: WINDOW, by: [tag] }), `$tag_${tag}`)],
  });
}
