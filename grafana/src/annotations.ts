import {
  AnnotationEventFieldMappingBuilder,
  AnnotationEventFieldSource,
  AnnotationQueryBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { EVENT_FIELDS, EVENT_TYPES, MEASUREMENTS, TAGS } from '@loads/core';
import { ofRun } from './influxql/filters.ts';
import { DATA_SOURCE, tableRows } from './influxql/query.ts';

/** Faults as regions, from on to off, over every panel with a time axis. */
export function faultRegions(): AnnotationQueryBuilder {
  return events('Faults', 'red', `"${TAGS.type}" = '${EVENT_TYPES.faultOn}'`, TAGS.fault);
}

/** All other events, as lines: stages, nodes that started, ended or were lost, stops, the start and the verdict. */
export function otherEvents(): AnnotationQueryBuilder {
  const { faultOn, faultOff } = EVENT_TYPES;
  return events('Events', 'blue', `"${TAGS.type}" != '${faultOn}' AND "${TAGS.type}" != '${faultOff}'`, TAGS.type);
}

/**
 * Grafana's own mapping of columns to annotations is used, and not the older one of its InfluxDB plug-in: that one looks
 * for the end of a region under names that differ between its versions. There is no condition on the time, since a region
 * that began before the panel's range would be missed; a run has few events.
 */
function events(name: string, color: string, which: string, tagColumn: string): AnnotationQueryBuilder {
  const { title, text, timeEnd } = EVENT_FIELDS;
  const region = name === 'Faults';
  const columns = [`"${title}"`, `"${text}"`, ...(region ? [`"${timeEnd}"`] : []), `"${tagColumn}"`];
  const query = `SELECT ${columns.join(', ')} FROM "${MEASUREMENTS.events}" WHERE ${ofRun()} AND ${which}`;
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATA_SOURCE)
    .enable(true)
    .hide(false)
    .iconColor(color)
    .target(tableRows(query).refId('Anno'))
    .mappings({
      title: column(title),
      text: column(text),
      tags: column(tagColumn),
      ...(region ? { timeEnd: column(timeEnd) } : {}),
    });
}

function column(name: string): AnnotationEventFieldMappingBuilder {
  return new AnnotationEventFieldMappingBuilder().source(AnnotationEventFieldSource.Field).value(name);
}
