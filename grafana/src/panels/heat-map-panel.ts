import { HeatmapCellLayout } from '@grafana/grafana-foundation-sdk/common';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  PanelBuilder,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { METRIC_FIELDS, TAGS } from '@loads/core';
import { IN_RANGE, perWindow } from '../influxql/filters.ts';
import { requestMeasurement } from '../influxql/measurements.ts';
import { timeSeries } from '../influxql/query.ts';
import { describe } from './panel.ts';

const [COUNT] = METRIC_FIELDS.bucket;

/** How the latencies of the requests under a condition are spread, over time: one row for each coarse bucket. */
export function heatMapPanel(where: string, span: number): PanelBuilder {
  const query = [
    `SELECT sum("${COUNT}") FROM ${requestMeasurement('buckets')}`,
    `WHERE ${where} AND ${IN_RANGE} ${perWindow(TAGS.le)}`,
  ].join(' ');
  const spec = {
    title: 'Latency heat map',
    description:
      'How many requests ended (on connections: how many waits) within each bucket of latency (ten to the decade; the label is the upper bound), over all nodes, exactly. Two bands are two populations that a percentile hides.',
    unit: 'ms',
    span,
    queries: [timeSeries(query, '$tag_le')],
  };
  return describe(new PanelBuilder(), spec)
    .calculate(false)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Le).value('requests'))
    .yAxis(new YAxisConfigBuilder().unit('ms'))
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Scheme)
        .scheme('Oranges')
        .scale(HeatmapColorScale.Exponential)
        .exponent(0.5)
        .fill('dark-orange')
        .steps(64),
    );
}
