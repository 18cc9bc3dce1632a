import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { MEASUREMENTS, TAGS } from '@loads/core';
import { type Choice, ofRun } from './influxql/filters.ts';
import { ALL_PROTOCOLS, PROTOCOL_OF, requestMeasurement } from './influxql/measurements.ts';
import { DATA_SOURCE } from './influxql/query.ts';

/** The data source that is provisioned: its uid and its name. */
export const PROVISIONED = { uid: 'loads-influxdb', name: 'Loads' } as const;

/** Any InfluxDB data source; the provisioned one at first. */
export function dataSourceVariable(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .description('The InfluxDB (InfluxQL) that the nodes write to.')
    .type(DATA_SOURCE.type)
    .current({ selected: true, text: PROVISIONED.name, value: PROVISIONED.uid });
}

/** A run, the newest first: their names begin with their date. */
export function runVariable(name: 'run' | 'compared' = 'run'): QueryVariableBuilder {
  const [label, description] =
    name === 'run' ? ['Run', 'The run that is shown.'] : ['Compared run', 'The run that it is compared with.'];
  return valuesOf(name, `SHOW TAG VALUES FROM "${MEASUREMENTS.runs}" WITH KEY = "${TAGS.run}"`)
    .label(label)
    .description(description)
    .sort(VariableSort.AlphabeticalDesc);
}

/** A protocol that the run spoke; where it spoke one alone, that one. */
export function protocolVariable(): QueryVariableBuilder {
  return valuesOf('protocol', `SHOW MEASUREMENTS WITH MEASUREMENT =~ ${ALL_PROTOCOLS} WHERE ${ofRun()}`)
    .regex(PROTOCOL_OF)
    .label('Protocol')
    .description(
      'What the requests speak that are shown. Of ws and tcp a request is a connection, and its latencies are those of the waits on it.',
    )
    .sort(VariableSort.Disabled)
    .current({ selected: true, text: 'http', value: 'http' });
}

const CHOICES: Readonly<Record<Choice, readonly [label: string, from: string, description: string]>> = {
  scenario: ['Scenario', '"iterations"', 'Scenarios of the run.'],
  name: ['Request', requestMeasurement('failed'), 'Names of requests.'],
  node: ['Node', `"${MEASUREMENTS.agent}"`, 'Nodes of the run.'],
  phase: ['Phase', ALL_PROTOCOLS, 'Phases of the schedule: steady, chaos, recovery, and before and after them.'],
};

/** What is shown of the run: any values of a tag, or all. */
export function choiceVariable(tag: Choice, run: 'run' | 'compared' = 'run'): QueryVariableBuilder {
  const [label, from, description] = CHOICES[tag];
  return (
    valuesOf(tag, `SHOW TAG VALUES FROM ${from} WITH KEY = "${TAGS[tag]}" WHERE ${ofRun(run)}`)
      .label(label)
      .description(description)
      .sort(tag === 'node' ? VariableSort.NumericalAsc : VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      // Also what does not have the tag at all.
      .allValue('.*')
      .current({ selected: true, text: 'All', value: '$__all' })
  );
}

/** Seconds to a window where the panels have no clock time of their own. */
export function stepVariable(): CustomVariableBuilder {
  const values = ['5', '10', '30', '60', '300'];
  return new CustomVariableBuilder('step')
    .label('Window (s)')
    .description('Seconds of a run that are one point of its line.')
    .values(values.join(','))
    .options(values.map((value) => ({ selected: value === '10', text: value, value })))
    .current({ selected: true, text: '10', value: '10' });
}

function valuesOf(name: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .datasource(DATA_SOURCE)
    .query({ query, refId: `variable-${name}` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged);
}
