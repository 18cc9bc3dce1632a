import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { IN_RANGE, perSecond, perWindow } from '../influxql/filters.ts';
import { requestMeasurement } from '../influxql/measurements.ts';
import { timeSeries } from '../influxql/query.ts';
import { seriesPanel } from './series-panel.ts';

const FAILED = requestMeasurement('failed');

/** Requests per second that went well, and those that failed. */
export function okKoPanel(where: string, span: number): PanelBuilder {
  const columns = [`${perSecond('(sum("count") - sum("sum"))')} AS "OK"`, `${perSecond('sum("sum")')} AS "KO"`];
  return seriesPanel({
    title: 'Requests, OK and KO',
    description:
      'Requests per second of the chosen protocol that ended well, and those without an answer or with an unexpected status. A request of ws or tcp is a connection.',
    unit: 'reqps',
    span,
    interval: '5s',
    stacked: true,
    colors: { OK: 'green', KO: 'red' },
    queries: [timeSeries(`SELECT ${columns.join(', ')} FROM ${FAILED} WHERE ${where} AND ${IN_RANGE} ${perWindow()}`)],
  });
}

/** Requests per second, apart by a tag. */
export function requestsByPanel(tag: string, title: string, where: string, span: number): PanelBuilder {
  const rate = perSecond('sum("count")');
  return seriesPanel({
    title,
    description: `Requests per second that ended, in any way, by ${tag}.`,
    unit: 'reqps',
    span,
    interval: '5s',
    queries: [
      timeSeries(`SELECT ${rate} FROM ${FAILED} WHERE ${where} AND ${IN_RANGE} ${perWindow(tag)}`, `$tag_${tag}`),
    ],
  });
}
